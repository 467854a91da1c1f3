import type { Brought } from '../../src/compose.ts';
import type { Entry } from '../../src/core/entry.ts';
import type { served } from './served.ts';

type Service = Awaited<ReturnType<typeof served>>;

/** Ears that write every “um”, so that fillers are counted; what they would hear, a test writes down itself. */
export const verbatimEars: Brought = { transcriber: { async *transcribe() {}, close: async () => undefined } };

/** A line of a talk: who, what, and how long it takes to say, in ms. */
export type SaidLine = readonly [who: 'user' | 'other' | 'unknown', text: string, lasts?: number];

const rest = 600;

/** A conversation that was held by voice: its lines follow each other with a short rest. */
export async function talked(service: Service, lines: readonly SaidLine[], more: object = {}) {
  const { id, token } = await service.session({
    context: 'A job interview at Northwind',
    goal: 'talk about salary and ask about the team',
    user_name: 'Alex',
    // what is whispered here is what the test says
    settings: { cadence: 0 },
    ...more,
  });
  const talk = (await service.house.hub.find(id))!;
  const said: Entry[] = [];
  let at = 1_000;
  for (const [who, text, lasts = text.split(' ').length * 400] of lines) {
    said.push(await talk.append({ by: 'ear', type: 'said', via: 'voice', text, speaker: { who, probability: 0.97 }, from: at, to: at + lasts }));
    at += lasts + rest;
  }
  return { id, token, talk, said };
}

/** Its feedback, as its owner asks for it. */
export async function finished(service: Service, { id, token }: { id: string; token: string }) {
  const answer = await fetch(`${service.base}/session/${id}/finish`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  return (await answer.json()) as {
    transcript: { seq: number; text: string; speaker: string }[];
    metrics: Record<string, number | null>;
    [key: string]: unknown;
  };
}

/** What a browser holds of a conversation, as `aside.held` in its local storage. */
export const heldAs = (
  base: string,
  { id, token }: { id: string; token: string },
  began: number,
  goal = 'talk about salary and ask about the team',
) => ({
  base,
  id,
  token,
  socket: `${base.replace('http', 'ws')}/ws/${id}`,
  greeting: '',
  goal,
  began,
});

/** An interview of some length, with so many fillers and questions in it. */
export function interviewOf({ rounds = 6, filler = 'um', fillers = 1 }: { rounds?: number; filler?: string; fillers?: number } = {}): SaidLine[] {
  const fill = Array.from({ length: fillers }, () => filler).join(' ');
  return [
    ['user', "Hi, I'm Alex."],
    ...Array.from({ length: rounds }, (_, round): SaidLine[] => [
      ['other', `What did you learn in your role number ${round + 1}, and what would you do differently today?`],
      ['user', `In that role ${fill} I planned the budget with my team, because we had to ship ${round + 2} releases before the summer came.`],
      ['user', 'How does your team decide what comes next?'],
      ['other', 'We talk about it every Monday, and whoever has the best reason wins the argument.'],
    ]).flat(),
  ];
}
