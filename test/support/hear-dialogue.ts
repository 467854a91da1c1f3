import type { listening } from '../../src/audio/listening.ts';
import { conversation } from '../../src/core/conversation.ts';
import { said } from '../../src/core/views.ts';
import { spoken } from './dialogue.ts';
import { interviewLines } from './interview.ts';
import { webmOf } from './webm-writer.ts';
import { plainWords, wordErrors } from './wer.ts';

const never = new AbortController().signal;

/** Speaks the interview with two embedded voices, records it as a browser would, and tells what was really said beside what was heard. */
export async function hearDialogue({ listenPatiently }: ReturnType<typeof listening>) {
  const { samples, turns } = await spoken(interviewLines);
  const talk = conversation(
    'dialogue',
    [],
    async () => undefined,
    () => 0,
  );
  await talk.append({
    by: 'user',
    type: 'opened',
    kind: 'coach',
    title: '',
    user: 'Alex',
    context: 'A job interview',
    goal: 'talk about salary and ask about the team',
  });
  async function* bytes() {
    yield* webmOf(samples, { chunkMs: 250, bitrate: 24_000 });
  }
  await listenPatiently(talk, bytes(), never);
  const lines = said(talk.entries).map(({ text, from = 0, to = 0, speaker }) => ({ text, from, to, who: speaker?.who ?? 'unknown' }));
  const wanted = plainWords(turns.map(({ text }) => text).join(' '));
  const errors = wordErrors(wanted, plainWords(lines.map(({ text }) => text).join(' ')));
  return {
    turns: turns.map(({ from, to, text, voice }) => ({ from, to, text, who: voice === turns[0]?.voice ? 'user' : 'other' })),
    lines,
    rightWords: 1 - errors / wanted.length,
  };
}
