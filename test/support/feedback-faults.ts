import type { Entry } from '../../src/core/entry.ts';
import { transcript } from '../../src/core/views.ts';
import type { Feedback } from '../../src/wire/coach.ts';

/** What may still happen when a session is over. */
const afterwards = new Set(['reviewed', 'rated', 'left', 'granted', 'revoked']);

/** What is wrong with the feedbacks that several people got of one session, held against its log; in words. */
export function feedbackFaults(answers: readonly ({ status: number; body: string } | undefined)[], log: readonly Entry[]): string[] {
  const faults: string[] = [];
  for (const answer of answers) if (answer?.status !== 200) faults.push(`a feedback came with ${answer?.status}`);
  if (new Set(answers.map((answer) => answer?.body)).size !== 1) faults.push('not everybody got the same feedback');
  for (const type of ['ended', 'reviewed'])
    if (log.filter((entry) => entry.type === type).length !== 1) faults.push(`${log.filter((entry) => entry.type === type).length} times ${type}`);
  const end = log.findIndex(({ type }) => type === 'ended');
  for (const { type } of log.slice(end + 1)) if (!afterwards.has(type)) faults.push(`${type} after the end`);
  const { moments, transcript: told } = JSON.parse(answers[0]?.body ?? '{}') as Feedback;
  for (const { seq, quote } of moments) {
    const line = log[seq - 1];
    // a quote may be cut at its end
    if (line?.type !== 'said' || !line.text.includes(quote.replace(/…$/, '').slice(0, 20)))
      faults.push(`a moment cites ${seq}, where nobody said so`);
  }
  for (const entry of log)
    if (entry.type === 'advised')
      for (const seq of [entry.about, ...entry.evidence])
        if (!log[seq - 1] || seq >= entry.seq) faults.push(`advice cites ${seq}, which was not there yet`);
  const said = transcript(log).map(({ text }) => text);
  if (JSON.stringify(told.map(({ text }) => text)) !== JSON.stringify(said)) faults.push('the transcript is not what was said');
  return faults;
}
