import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { Problem } from '../core/problem.ts';

/** What a download needs from outside. */
export type Web = {
  fetch: typeof fetch;
  /** Called with the bytes that are here and, when the server says so, how many there will be. */
  progress: (here: number, all: number | undefined) => void;
  /** How long a server may take to answer, and then to send the next piece, in ms. */
  patience: number;
};

/** How often a download that breaks off without a single new byte is tried again. */
const tries = 3;

/** The server could not be reached at all, as opposed to: it answered something wrong. */
export class Unreachable extends Problem {
  constructor(url: string, cause: unknown) {
    super('not_found', `${new URL(url).host} does not answer from here.`, { cause });
  }
}

/** Fetches a large file, and goes on where an earlier attempt broke off: in this run or days ago. */
export async function download(url: string, file: string, web: Web, stop: AbortSignal): Promise<void> {
  let idle = 0;
  let answered = false;
  const asking: Web = {
    ...web,
    fetch: async (...args) => {
      const response = await web.fetch(...args);
      answered = true;
      return response;
    },
  };
  for (;;) {
    const before = await size(file);
    try {
      if (await attempt(url, file, before, asking, stop)) return;
    } catch (error) {
      if (stop.aborted) throw stop.reason;
      const now = await size(file);
      idle = now > before ? 0 : idle + 1;
      if (error instanceof Problem) throw error;
      if ((error as { code?: unknown }).code === 'ENOSPC')
        throw new Problem(
          'storage_full',
          `The disk of the data folder is full: ${megabytes(now)} MB of the speech model are here. Free some space and run npm run ears again: it goes on from there.`,
          { cause: error },
        );
      // a name that does not resolve or a port that refuses will not do better at once
      if (!answered) throw new Unreachable(url, error);
      if (idle >= tries)
        throw new Problem(
          'not_found',
          `The download broke off ${tries} times at ${megabytes(now)} MB. Run npm run ears again later: it goes on from there.`,
          {
            cause: error,
          },
        );
    }
  }
}

/** One connection; true when the file is complete. */
async function attempt(url: string, file: string, from: number, web: Web, stop: AbortSignal): Promise<boolean> {
  const tagFile = `${file}.etag`;
  const tag = await readFile(tagFile, 'utf8').catch(() => '');
  const watch = new AbortController();
  let timer = setTimeout(() => watch.abort(), web.patience);
  try {
    const signal = AbortSignal.any([stop, watch.signal]);
    // without the tag of what is here already, the rest might be of another file
    const headers: Record<string, string> = from > 0 && tag ? { range: `bytes=${from}-`, 'if-range': tag } : {};
    const response = await web.fetch(url, { headers, redirect: 'follow', signal });
    if (response.status === 416) {
      if (response.headers.get('content-range') === `bytes */${from}`) return true;
      await forget(file);
      return false;
    }
    if (!response.ok || !response.body)
      throw new Problem(
        'not_found',
        `${new URL(url).host} answered ${response.status}: the speech model is not at ${url}. Set SPEECH_MODEL_URL to where it is.`,
      );
    const goesOn = response.status === 206;
    const begin = goesOn ? from : 0;
    const length = response.headers.get('content-length');
    const all = length === null ? undefined : begin + Number(length);
    await writeFile(tagFile, response.headers.get('etag') ?? '');
    let here = begin;
    const out = await open(file, goesOn ? 'a' : 'w');
    try {
      for await (const chunk of response.body) {
        clearTimeout(timer);
        await out.appendFile(chunk);
        timer = setTimeout(() => watch.abort(), web.patience);
        here += chunk.length;
        web.progress(here, all);
      }
    } finally {
      await out.close();
    }
    if (all !== undefined && here < all) throw new Error('the connection was cut');
    return true;
  } finally {
    clearTimeout(timer);
  }
}

/** Removes what was fetched, and what was remembered of it. */
export async function forget(file: string): Promise<void> {
  await rm(file, { force: true });
  await rm(`${file}.etag`, { force: true });
}

const size = (file: string) =>
  stat(file).then(
    (found) => found.size,
    () => 0,
  );

export const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
