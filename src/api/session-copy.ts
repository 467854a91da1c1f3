import { type Conversation, mayFollow } from '../core/conversation.ts';
import type { Entry } from '../core/entry.ts';
import { stillStanding } from '../core/forgetting.ts';
import { Problem } from '../core/problem.ts';
import { isAgreed } from '../core/views.ts';
import type { ExportedEntry } from '../wire/entry.ts';
import type { SessionExport } from '../wire/export.ts';
import type { Tape } from './tape.ts';

/** An entry as it leaves the house: without the digest of a token, the key of a file, or where the browser of a member is reached. */
function withoutDigest(entry: Entry): ExportedEntry {
  if (entry.type === 'subscribed') {
    const { to: _to, ...rest } = entry;
    return rest;
  }
  if (entry.type !== 'opened' && entry.type !== 'granted' && entry.type !== 'attached') return entry as ExportedEntry;
  const { key: _key, ...rest } = entry;
  return rest as ExportedEntry;
}

/** A session as one JSON document, piece by piece, so that hours of sound never stand in memory. */
export async function* copyOf(talk: Conversation, tape: Tape, now: number): AsyncGenerator<string, void, undefined> {
  const head = { format: 'aside.session', version: 1, session_id: talk.id, exported_at: new Date(now).toISOString() };
  yield `${JSON.stringify(head).slice(0, -1)},"entries":[`;
  const entries = [...talk.entries];
  for (const [index, entry] of entries.entries()) yield `${index > 0 ? ',\n' : '\n'}${JSON.stringify(withoutDigest(entry))}`;
  yield '\n],"sounds":[';
  let first = true;
  for await (const { no, at, bytes } of tape.pieces(talk.id)) {
    yield `${first ? '\n' : ',\n'}${JSON.stringify({ no, at, data: Buffer.from(bytes).toString('base64') })}`;
    first = false;
  }
  yield '\n]}\n';
}

const wrong = (what: string): never => {
  throw new Problem('invalid', `${what}, so nothing was taken in. Send the document as GET /session/{id}/export gave it.`);
};

/** The log in a document, if it is one that can have come to be, for a new session whose owner's token has this digest. */
export function pastIn({ entries, sounds }: SessionExport, key: string): Entry[] {
  let ended = false;
  let reviewed = false;
  const past = entries.map((entry, index): Entry => {
    if (entry.seq !== index + 1) wrong(`Entry ${index + 1} has the number ${entry.seq}`);
    if ((entry.type === 'opened') !== (index === 0)) wrong('A session is opened once, by its first entry');
    if (ended && !mayFollow(entry)) wrong(`Entry ${entry.seq} comes after the end`);
    if (reviewed && entry.type === 'reviewed') wrong(`Entry ${entry.seq} is a second review`);
    if (!ended && entry.type === 'reviewed') wrong(`Entry ${entry.seq} is a review before the end`);
    for (const seq of namedBy(entry)) if (seq >= entry.seq) wrong(`Entry ${entry.seq} is about one that comes later`);
    ended ||= entry.type === 'ended';
    reviewed ||= entry.type === 'reviewed';
    if (entry.type === 'opened') return { ...entry, key } as Entry;
    // whoever had a right to the other session has none to this one
    if (entry.type === 'granted') return { ...entry, key: '' } as Entry;
    return entry as Entry;
  });
  if (stillStanding(past).length > 0) wrong('Something in it was taken off the record and stands there still');
  if (sounds.length > 0 && !isAgreed(past)) wrong('It has sound in it that nobody agreed to keep');
  if (sounds.some(({ no }, index) => no <= (sounds[index - 1]?.no ?? 0))) wrong('The pieces of its sound are not in order');
  return past;
}

function namedBy(entry: ExportedEntry): number[] {
  if (entry.type === 'advised') return [entry.about, ...entry.evidence];
  if (entry.type === 'removed') return entry.of ?? [];
  if (entry.type === 'corrected' || entry.type === 'elaborated' || entry.type === 'reacted') return [entry.of];
  return 'about' in entry && entry.about !== undefined ? [entry.about] : [];
}
