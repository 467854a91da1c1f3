import multipart, { type MultipartFile } from '@fastify/multipart';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Budgets } from '../core/budgets.ts';
import type { Conversation } from '../core/conversation.ts';
import { Problem } from '../core/problem.ts';
import { shared } from '../core/shared.ts';
import { every, first, isOver } from '../core/views.ts';
import type { FileShelf } from '../stores/file-shelf.ts';
import { attachAnswer, attachFields, fileName, filePath, roomPath } from '../wire/share.ts';
import { isSealed } from '../wire/text.ts';
import type { Access } from './access.ts';
import { read } from './read.ts';
import { fileUrl, guestOf, messageIn, plainHere, sealedHere } from './share.ts';
import { inOurWords, shareRefusals } from './share-refusals.ts';
import type { ShareSockets } from './share-socket.ts';
import { type Upload, uploads } from './uploads.ts';
import { visitor } from './visitor.ts';

export type ShareFileParts = {
  access: Pick<Access, 'admit'>;
  share: Pick<ShareSockets, 'expect'>;
  files: FileShelf;
  /** What browsers may call a file that is taken. */
  fileTypes: readonly string[];
  budgets: Budgets;
  proxies: number;
};

const bearer = [{ bearer: [] }, {}];
const noFile = 'There is no file in that form, so nothing was kept. Send one as the field file.';
const noSuchFile = 'There is no such file in this conversation, or it was taken away.';
const tooBig = 'That file is larger than it may be here, so it was not kept. Send a smaller one.';
const shelfFull = 'This conversation holds as many files as it may, so that one was not kept.';
const noType = (type: string) => `Files of the type ${type} are not taken here, so it was not kept. FILE_TYPES says which are.`;

/** Whatever is in it, a browser keeps it and never shows it. */
const asDownload = (name: string) => ({
  'content-disposition': `attachment; filename="file"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`,
  'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
});

/** Files in shared conversations: handed round, sealed on disk, and only ever downloaded. */
export function shareFileRoutes({ access, share, files, fileTypes, budgets, proxies }: ShareFileParts): FastifyPluginAsyncZod {
  const begin = uploads(budgets.uploads);

  function check(talk: Conversation, name: string, type: string): void {
    if (isOver(talk.entries)) throw new Problem('session_finished', 'Conversation is no longer active');
    if (!fileTypes.includes(type)) throw new Problem('unreadable', noType(type.slice(0, 64)));
    if (first(talk.entries, 'opened')?.encrypted && (!isSealed(name) || type !== 'application/octet-stream')) throw plainHere();
  }

  const fits = (talk: Conversation, size: number): boolean =>
    every(talk.entries, 'attached').reduce((sum, file) => sum + file.size, size) <= budgets.filesPerChat;

  /** What is known of a file before it is read, if it may be read. */
  function wished(sent: MultipartFile, talk: Conversation) {
    const fields = Object.entries(sent.fields).flatMap(([name, field]) => (field && 'value' in field ? [[name, field.value]] : []));
    const who = read(attachFields, Object.fromEntries(fields));
    sealedHere(talk, who.username);
    const name = read(fileName, sent.filename);
    check(talk, name, sent.mimetype);
    return { guest: guestOf(who), name, mime: sent.mimetype };
  }

  return async (app) => {
    app.addHook('onSend', inOurWords);
    await app.register(multipart, { limits: { fileSize: budgets.file, files: 1, fields: 8, fieldSize: 1_024, parts: 9, headerPairs: 32 } });

    app.post(
      '/api/conversations/:room_id/files',
      {
        bodyLimit: budgets.file + 65_536,
        schema: {
          tags: ['share'],
          summary: 'Hand a file round: multipart/form-data with user_id, username and then file',
          params: roomPath,
          response: { 201: attachAnswer, ...shareRefusals(400, 404, 413, 415, 422) },
          security: bearer,
        },
      },
      async (request, reply) => {
        const { talk } = await access.admit(request.params.room_id, 'speak', visitor(request, proxies), 'share');
        const sent = request.isMultipart() ? await request.file() : undefined;
        if (!sent) throw new Problem('invalid', noFile);
        using upload = begin();
        try {
          const { guest, name, mime } = wished(sent, talk);
          const bytes = await wholeOf(sent.file, upload);
          if (!fits(talk, bytes.length)) throw new Problem('too_big', shelfFull);
          if (!shared(talk.entries).here.has(guest.id)) await share.expect(talk, guest);
          const shelved = await files.put(talk.id, bytes);
          const { seq } = await talk.append({ by: guest.id, type: 'attached', ...shelved, name, mime, size: bytes.length });
          return reply.code(201).send({ success: true, message: messageIn(talk, seq)!, url: fileUrl(talk, seq) });
        } finally {
          // whoever is still sending hears the answer only when somebody listens to the end
          sent.file.resume();
        }
      },
    );

    app.get(
      '/api/conversations/:room_id/files/:id',
      {
        schema: {
          tags: ['share'],
          summary: 'Download a file',
          params: filePath,
          response: {
            200: {
              description: 'The file as it was sent.',
              content: { 'application/octet-stream': { schema: z.string() as unknown as z.ZodType<string | Uint8Array> } },
            },
            ...shareRefusals(404),
          },
          security: bearer,
        },
      },
      async (request, reply) => {
        const { talk } = await access.admit(request.params.room_id, 'read', visitor(request, proxies), 'share');
        const attached = talk.entries[Number(request.params.id) - 1];
        if (attached?.type !== 'attached') throw new Problem('not_found', noSuchFile);
        const bytes = await files.take(talk.id, attached);
        return reply.headers(asDownload(attached.name)).type('application/octet-stream').send(bytes);
      },
    );
  };
}

/** All of a file, as far as there is room for it. */
async function wholeOf(file: MultipartFile['file'], upload: Upload): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const all = new Promise<void>((resolve, reject) => {
    file.on('data', (piece: Buffer) => {
      try {
        upload.take(piece.length);
        pieces.push(piece);
      } catch (error) {
        file.removeAllListeners('data');
        reject(error);
      }
    });
    // whoever breaks off in the middle has sent no file
    file.once('end', resolve).once('error', reject).once('close', reject);
  });
  await all.catch((cause) => {
    throw cause instanceof Problem ? cause : new Problem('too_big', tooBig, { cause });
  });
  if (file.truncated) throw new Problem('too_big', tooBig);
  return Buffer.concat(pieces);
}
