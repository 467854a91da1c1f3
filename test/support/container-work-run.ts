import type { Reader, Subject } from './container-readers.ts';
import { neverEntered, stepCount } from './step-count.ts';

// the work and the memory that hostile recordings cost, counted where Node runs the source itself; needs --expose-gc
const [audio = '', mutants, only] = process.argv.slice(2);
const files = ['webm.ts', 'webm-resync.ts', 'webm-tracks.ts', 'ebml.ts', 'ogg.ts', 'fragments.ts', 'seams.ts', 'wav.ts'];
const count = await stepCount((url) => url.startsWith(audio) && files.includes(url.slice(audio.length)));

// only what is loaded from here on is counted block by block
const { bombs } = await import('./container-bombs.ts');
const { cutAtRandom, fuzzContainers, readPieces } = await import('./container-fuzz.ts');
const { readersOf } = await import('./container-readers.ts');
const { streamOf } = await import('./hear-bytes.ts');
const { mutant, seedsOf } = await import('./webm-mutator.ts');
const { seeded } = await import('./speech-like.ts');

/** How long an input must be before its work is worth a ratio: a reader that is made for one byte still has to be made. */
const WORTH = 2000;
const readers = await readersOf(audio);
const harm = bombs
  .filter(({ reader }) => !only || reader === only)
  .map(({ name, reader, bytes, ends }) => ({
    name: `${name} (${reader})`,
    subject: readers.find((each) => each.name === reader)!,
    bytes,
    goesOn: typeof ends === 'number',
  }));
const looks = [await count.look()];
const steps = { most: 0, by: '' };
const copied = { most: 0, by: '' };
for (const { name, subject, bytes: make } of harm) {
  const bytes = make().subarray(0, 300_000);
  for (const pieces of [[bytes], ...(bytes.length < 100_000 ? [[...cutAtRandom(bytes, seeded(2), 1)]] : [])]) {
    await count.look();
    readPieces(subject, pieces);
    const look = await count.look();
    looks.push(look);
    // a frame of its own costs as much as a byte more
    const size = bytes.length + pieces.length + WORTH;
    if (look.steps / size > steps.most) Object.assign(steps, { most: look.steps / size, by: name });
    if (look.copied / size > copied.most) Object.assign(copied, { most: look.copied / size, by: name });
  }
}
for (const reader of readers) for (const bytes of seedsOf(reader.format)) readPieces(reader, [bytes]);
fuzzContainers(readers, 1, Number(mutants));

// a recorder of MP4 that goes on is a stream through and through, so it is read here
const { continuedFragments } = (await import(new URL('fragments.ts', audio).href)) as typeof import('../../src/audio/fragments.ts');
async function movieGoesOn(pieces: Iterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of continuedFragments(seedsOf('mp4')[0]!, streamOf(pieces))) parts.push(part);
  } catch (error) {
    return (error as Error).message;
  }
  return Buffer.concat(parts).toString('hex');
}
const unlike: string[] = [];
const movies = [...seedsOf('mp4'), ...Array.from({ length: 100 }, (_, seed) => mutant('mp4', seeded(seed))), new Uint8Array(270_000)];
for (const bytes of movies) {
  const whole = await movieGoesOn([bytes]);
  for (const most of [9, 900])
    if ((await movieGoesOn(cutAtRandom(bytes, seeded(most), most))) !== whole) unlike.push('MP4 that goes on: cuts change what is read');
}
looks.push(await count.look());
count.end();

/** What readers that were fed this really hold outside the heap, each; frames come in memory of their own, and packets are taken at once. */
async function holding(subject: Subject, bytes: Uint8Array): Promise<number> {
  const crowd = 10;
  const readers: Reader[] = [];
  const swept = async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      globalThis.gc!();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return process.memoryUsage().arrayBuffers;
  };
  const before = await swept();
  for (let index = 0; index < crowd; index += 1) {
    const reader = subject.make();
    readers.push(reader);
    for (let at = 0; at < bytes.length; at += 65_536) reader.push(bytes.slice(at, at + 65_536));
    reader.forget();
  }
  return Math.max(0, (await swept()) - before) / crowd;
}
const held = { most: 0, by: '' };
for (const { name, subject, bytes, goesOn } of harm) {
  // whoever is refused is let go
  if (!goesOn) continue;
  const most = await holding(subject, bytes().subarray(0, 300_000));
  if (most > held.most) Object.assign(held, { most, by: name });
}
process.stdout.write(JSON.stringify({ steps, copied, held, unlike, missed: neverEntered(looks) }));
