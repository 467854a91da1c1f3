import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { sniff } from '../audio/sniff.ts';
import type { Conversation } from '../core/conversation.ts';
import type { News, Review } from '../core/entry.ts';
import type { Hub } from '../core/hub.ts';
import { Problem } from '../core/problem.ts';
import { first, transcript } from '../core/views.ts';
import type { Chosen } from './greeting.ts';

/** What `hear` needs of the house. */
export type Hearing = {
  hub: Hub;
  chosen: { ears: Chosen; brain: Chosen };
  /** Listens as fast as the ears can follow, and never loses an utterance. */
  listenPatiently: (talk: Conversation, bytes: AsyncIterable<Uint8Array>, stop: AbortSignal) => Promise<void>;
  finish: (talk: Conversation, stop: AbortSignal) => Promise<unknown>;
};

type Screen = { print: (text: string) => unknown; progress: (text: string) => unknown; tty: boolean };

export const hearUsage = 'npm run hear -- FILE [--goal TEXT] [--context TEXT] [--name NAME] [--json]';

const options = {
  goal: { type: 'string', default: 'a good conversation' },
  context: { type: 'string', default: 'a recording' },
  name: { type: 'string', default: 'the user' },
  json: { type: 'boolean', default: false },
} as const;

/** Runs a recording through the whole pipeline and prints transcript, suggestions and feedback. */
export async function hear(args: string[], house: Hearing, screen: Screen, stop: AbortSignal): Promise<number> {
  const { file, goal, context, name, json } = read(args);
  if (house.chosen.ears.name === 'browser')
    throw new Problem(
      'no_recogniser',
      'This machine has no recogniser, so a recording cannot be turned into words. Run npm run ears to get one, then try again.',
    );
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new Problem('not_found', `There is no recording at “${file}”. Give the path of a WebM, Ogg, MP4 or WAV file.`);
  await expectRecording(file);
  const talk = await house.hub.open('user', { type: 'opened', kind: 'coach', title: goal, user: name, context, goal, settings: { text_only: true } });

  const telling = new AbortController();
  const told = tellNews(talk, screen, json, telling.signal);
  const bytes = withProgress(createReadStream(file, { highWaterMark: 16_384 }), found.size, screen);
  await house.listenPatiently(talk, bytes, stop);
  await house.finish(talk, stop);
  telling.abort();
  await told;

  const review = first(talk.entries, 'reviewed')?.review;
  if (json)
    screen.print(
      `${JSON.stringify({ ears: house.chosen.ears.name, brain: house.chosen.brain.name, transcript: transcript(talk.entries), suggestions: suggestionsOf(talk), feedback: review }, null, 2)}\n`,
    );
  else if (review) screen.print(feedbackText(review, house.chosen.ears.about));
  return 0;
}

/** Refuses what does not begin like a recording; bare samples have no beginning to know them by, and no name that says so. */
async function expectRecording(file: string): Promise<void> {
  const handle = await open(file).catch((cause) => {
    throw new Problem('unreadable', `“${file}” cannot be read by this user. Change its rights, or give another recording.`, { cause });
  });
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
  await handle.close();
  const kind = sniff(buffer.subarray(0, bytesRead));
  if (kind === undefined || (kind === 'pcm' && !/\.(?:pcm|raw)$/i.test(file)))
    throw new Problem(
      'microphone_unreadable',
      `“${file}” is no recording that Aside can read. Give it a WebM, Ogg, MP4 or WAV file, or bare 16 kHz samples named .pcm.`,
    );
}

function read(args: string[]) {
  if (args.includes('--help') || args.includes('-h')) throw new Problem('settings', `Use: ${hearUsage}`);
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const file = positionals[0];
    if (!file || positionals.length > 1) throw new Error(file ? 'one recording at a time' : 'name a recording');
    return { file, ...values };
  } catch (error) {
    throw new Problem(
      'settings',
      `That could not be understood (${error instanceof Error ? error.message.split('. ')[0] : error}). Use: ${hearUsage}`,
    );
  }
}

async function* withProgress(chunks: AsyncIterable<Buffer>, size: number, screen: Screen): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const chunk of chunks) {
    yield chunk;
    done += chunk.length;
    if (screen.tty) screen.progress(`\r\u001b[K  hearing ${Math.round((100 * done) / size)} %${done === size ? '\r\u001b[K' : ''}`);
  }
}

/** A control character in what was said must not move the cursor of whoever reads it. */
const plain = (text: string) => text.replace(/\p{Cc}/gu, ' ');

const clock = (ms: number | undefined) =>
  ms === undefined ? '     ' : `${String(Math.floor(ms / 60_000)).padStart(2, '0')}:${String(Math.floor(ms / 1_000) % 60).padStart(2, '0')}`;

function newsText(news: News, talk: Conversation): string | undefined {
  switch (news.type) {
    case 'said':
      return `${clock(news.from)}  ${(news.speaker?.who ?? 'unknown').padEnd(8)} ${plain(news.text)}`;
    case 'advised': {
      const about = talk.entries[news.about - 1];
      return `${clock(about?.type === 'said' ? about.to : undefined)}  ${'→ aside'.padEnd(8)} ${plain(news.text)}   (${plain(news.reason)})`;
    }
    case 'failed':
      return `       ! ${plain(news.message)}`;
    default:
      return undefined;
  }
}

async function tellNews(talk: Conversation, screen: Screen, json: boolean, stop: AbortSignal): Promise<void> {
  for await (const news of talk.follow(0, stop)) {
    const text = newsText(news, talk);
    if (text === undefined) continue;
    if (screen.tty) screen.progress('\r\u001b[K');
    if (json) screen.progress(`${text}\n`);
    else screen.print(`${text}\n`);
  }
}

const suggestionsOf = (talk: Conversation) =>
  talk.entries.flatMap((entry) =>
    entry.type === 'advised'
      ? [{ seq: entry.seq, text: entry.text, kind: entry.kind, about: entry.about, reason: entry.reason, evidence: entry.evidence }]
      : [],
  );

function feedbackText(review: Review, heardBy: string): string {
  const list = (title: string, lines: readonly string[], mark: string) => [title, ...lines.map((text) => `  ${mark} ${plain(text)}`), ''];
  return [
    '',
    ...list('What went well', review.stars, '★'),
    ...list('A wish', [review.wish], '○'),
    ...list('Take away', review.takeaways, '–'),
    ...list('What it was about', review.summary_bullets, '·'),
    `Fillers: ${review.metrics.fillers === null ? 'not measured' : `${review.filler_percentage} % of your words`}. Heard by: ${heardBy}`,
    '',
  ].join('\n');
}
