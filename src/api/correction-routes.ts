import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { transcript } from '../core/views.ts';
import { correctionAnswer, correctionRequest, sessionPath } from '../wire/coach.ts';
import type { Access } from './access.ts';
import { correctionOf } from './coach.ts';
import { refusals } from './refusals.ts';
import { visitor } from './visitor.ts';

export type CorrectionRouteParts = {
  access: Pick<Access, 'admit'>;
  /** How many proxies stand in front. */
  proxies: number;
};

/** Whoever rules a session says who it really was, or what was really said; before its end and after it. */
export function correctionRoutes({ access, proxies }: CorrectionRouteParts): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.post(
      '/session/:id/corrections',
      {
        schema: {
          tags: ['coach'],
          summary: 'Correct a speaker or words',
          params: sessionPath,
          body: correctionRequest,
          response: { 200: correctionAnswer, ...refusals(400, 404, 409, 413, 415, 422) },
          security: [{ bearer: [] }, {}],
        },
        onRequest: async (_request, reply) => {
          reply.header('cache-control', 'no-store');
        },
      },
      async (request) => {
        const { talk } = await access.admit(request.params.id, 'rule', visitor(request, proxies));
        const draft = correctionOf(request.body, talk);
        if (draft) await talk.append(draft);
        const { seq, text, speaker } = transcript(talk.entries).find((line) => line.seq === request.body.seq)!;
        return { session_id: talk.id, seq, text, speaker };
      },
    );
    done();
  };
}
