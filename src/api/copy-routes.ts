import { Readable } from 'node:stream';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type Recorded, type Recording, recorded } from '../audio/recordings.ts';
import type { Budgets } from '../core/budgets.ts';
import type { Conversation } from '../core/conversation.ts';
import type { Hub } from '../core/hub.ts';
import { Problem } from '../core/problem.ts';
import { every } from '../core/views.ts';
import { sessionAnswer, sessionPath } from '../wire/coach.ts';
import { recordingPath, recordings, sessionExport } from '../wire/export.ts';
import type { Access } from './access.ts';
import type { Admission } from './admission.ts';
import { refusals } from './refusals.ts';
import { pastIn } from './session-copy.ts';
import type { Tape } from './tape.ts';
import { transcriptText } from './transcript-text.ts';
import { visitor } from './visitor.ts';

export type CopyRouteParts = {
  hub: Hub;
  access: Access;
  admission: Pick<Admission, 'opening'>;
  tape: Tape;
  newToken: () => string;
  digest: (token: string) => string;
  budgets: Budgets;
  /** How many proxies stand in front. */
  proxies: number;
  socketBase: (host: string) => string;
};

const bearer = [{ bearer: [] }, {}];
const kinds: Record<Recording['format'], string> = { webm: 'audio/webm', ogg: 'audio/ogg', mp4: 'audio/mp4', wav: 'audio/wav', pcm: 'audio/wav' };
const noRecording = 'There is no such recording: no sound was kept then, or it was taken away. GET /session/{id}/recordings lists what there is.';
const download = (name: string) => ({ 'content-disposition': `attachment; filename="${name}"` });
const file = (type: string, what: string) => ({
  200: { description: what, content: { [type]: { schema: z.string() as unknown as z.ZodType<string | Readable> } } },
});

/** Brings a session into the house as one document, and out of it as text for people and as the sound that was kept. */
export function copyRoutes(parts: CopyRouteParts): FastifyPluginCallbackZod {
  const { hub, access, admission, tape, proxies } = parts;
  const soundOf = (talk: Conversation) => recorded(tape.pieces(talk.id), every(talk.entries, 'segment'));

  return (app, _options, done) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });

    app.post(
      '/session/import',
      {
        bodyLimit: parts.budgets.importBody,
        schema: {
          tags: ['coach'],
          summary: 'Bring in a session from elsewhere',
          body: sessionExport,
          response: { 200: sessionAnswer, ...refusals(400, 401, 413, 415, 422) },
          security: bearer,
        },
        onRequest: async (request) => {
          const asking = visitor(request, proxies);
          admission.opening(asking.from, access.opener(asking));
        },
      },
      async (request) => {
        const token = parts.newToken();
        const talk = await hub.adopt(pastIn(request.body, parts.digest(token)));
        try {
          for (const { no, at, data } of request.body.sounds) await tape.put(talk.id, { no, at, bytes: Buffer.from(data, 'base64') });
        } catch (error) {
          // half of it would be nobody's: its token is told to nobody
          await hub.erase(talk.id).catch(() => undefined);
          throw error;
        }
        const ws_url = `${parts.socketBase(request.host)}/ws/${talk.id}`;
        return { session_id: talk.id, message: 'Session taken in: it is a session of its own, with a token of its own.', token, ws_url };
      },
    );

    app.get(
      '/session/:id/transcript.md',
      {
        schema: {
          tags: ['coach'],
          summary: 'What was said, as text for people',
          params: sessionPath,
          security: bearer,
          response: { ...file('text/markdown', 'The transcript in Markdown.'), ...refusals(404) },
        },
      },
      async (request, reply) => {
        const { talk } = await access.admit(request.params.id, 'read', visitor(request, proxies));
        return reply
          .headers(download(`aside-${talk.id.slice(0, 8)}.md`))
          .type('text/markdown; charset=utf-8')
          .send(transcriptText(talk));
      },
    );

    app.get(
      '/session/:id/recordings',
      {
        schema: {
          tags: ['coach'],
          summary: 'Which sound was kept',
          params: sessionPath,
          security: bearer,
          response: { 200: recordings, ...refusals(404) },
        },
      },
      async (request) => {
        const { talk } = await access.admit(request.params.id, 'copy', visitor(request, proxies));
        const found = new Map<number, Recording & { bytes: number }>();
        for await (const { recording, bytes } of soundOf(talk))
          found.set(recording.number, { ...recording, bytes: (found.get(recording.number)?.bytes ?? 0) + bytes.length });
        const listed = [...found.values()].map((one) => ({ ...one, path: `/session/${talk.id}/recording/${one.number}` }));
        return { session_id: talk.id, recordings: listed };
      },
    );

    /** The first bytes decide whether there is anything to send; the rest follows as it is read. */
    async function play(talk: Conversation, number: number) {
      const sound = only(number, soundOf(talk));
      const first = await sound.next();
      if (first.done) throw new Problem('not_found', noRecording);
      async function* all() {
        yield first.value!.bytes;
        for await (const { bytes } of sound) yield bytes;
      }
      return { type: kinds[first.value.recording.format], sound: Readable.from(all()) };
    }

    const schema = {
      tags: ['coach'],
      security: bearer,
      response: { ...file('audio/*', 'The sound as its recorder made it: WebM, Ogg, MP4 or WAV.'), ...refusals(404) },
    };
    app.get('/session/:id/recording', { schema: { ...schema, summary: 'Hear the first recording', params: sessionPath } }, async (request, reply) => {
      const { talk } = await access.admit(request.params.id, 'copy', visitor(request, proxies));
      const { type, sound } = await play(talk, 1);
      return reply.type(type).send(sound);
    });
    app.get(
      '/session/:id/recording/:number',
      { schema: { ...schema, summary: 'Hear one recording', params: recordingPath } },
      async (request, reply) => {
        const { talk } = await access.admit(request.params.id, 'copy', visitor(request, proxies));
        const { type, sound } = await play(talk, request.params.number);
        return reply.type(type).send(sound);
      },
    );
    done();
  };
}

/** What belongs to that recording; nothing is read behind it. */
async function* only(number: number, sound: AsyncIterable<Recorded>): AsyncGenerator<Recorded, void, undefined> {
  for await (const part of sound) {
    if (part.recording.number > number) return;
    if (part.recording.number === number) yield part;
  }
}
