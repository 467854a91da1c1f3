import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Heard } from './child-messages.ts';
import { contextModel } from './context-model.ts';
import { pronounce } from './pronounce.ts';
import type { Pointer, SphinxLibrary } from './sphinx-library.ts';

/** Where the acoustic model, language model and dictionary are. */
export type SphinxModel = { readonly acoustic: string; readonly language: string; readonly dictionary: string };

/** How much the session's own phrases weigh beside general English. */
const contextWeight = 0.3;

/** The decoder raises probabilities to this power (its own default) before they are mixed, so the weights must be raised too. */
const languageWeight = 6.5;

/** Language models of conversations that are kept ready; making one takes about 0.1 s. */
const keep = 4;

/** A decoder that hears one utterance at a time and knows the words of the conversation it belongs to. */
export class SphinxDecoder {
  readonly #library: SphinxLibrary;
  readonly #config: Pointer;
  readonly #decoder: Pointer;
  readonly #general: Pointer;
  readonly #ready = new Set<string>();

  constructor(library: SphinxLibrary, model: SphinxModel, flags: readonly string[]) {
    // true word times need every frame, silence included
    const args = ['-hmm', model.acoustic, '-dict', model.dictionary, '-remove_silence', 'no', ...flags];
    this.#library = library;
    this.#config = library.parse(null, library.args(), args.length, args, 1);
    this.#decoder = library.init(this.#config);
    if (!this.#decoder) throw new Error('the acoustic model could not be loaded');
    this.#general = library.readModel(this.#config, model.language, 0, library.logmath(this.#decoder));
    if (!this.#general) throw new Error('the language model could not be loaded');
  }

  /** Begins an utterance of the conversation in which these phrases matter. */
  start(phrases: readonly string[]): void {
    this.#know(phrases);
    // nothing that was learned about one speaker's noise may change how the next one is heard
    this.#library.startStream(this.#decoder);
    if (this.#library.startUtterance(this.#decoder) < 0) throw new Error('the decoder refused an utterance');
  }

  feed(samples: Int16Array, whole: boolean): void {
    if (this.#library.process(this.#decoder, samples, samples.length, 0, whole ? 1 : 0) < 0) throw new Error('the decoder refused sound');
  }

  end(): void {
    this.#library.endUtterance(this.#decoder);
  }

  /** What has been said so far; nothing when there are no words. Only after `end` are confidences measured. */
  heard(measured: boolean): Heard | undefined {
    const words: Heard['words'] = [];
    const logmath = this.#library.logmath(this.#decoder);
    for (let segment = this.#library.segments(this.#decoder, null); segment; segment = this.#library.next(segment)) {
      const text = this.#library.word(segment).replace(/\(\d+\)$/, '');
      if (/^[<[+]/.test(text)) continue;
      const from = [0];
      const to = [0];
      this.#library.frames(segment, from, to);
      const sure = measured ? Math.min(1, this.#library.exp(logmath, this.#library.posterior(segment, null, null, null))) : null;
      words.push({ text, from: from[0]! * 10, to: (to[0]! + 1) * 10, confidence: sure === null ? null : Math.round(sure * 1000) / 1000 });
    }
    if (words.length === 0) return undefined;
    const mean = words.reduce((sum, word) => sum + (word.confidence ?? 0), 0) / words.length;
    return { text: words.map((word) => word.text).join(' '), words, confidence: measured ? Math.round(mean * 1000) / 1000 : null };
  }

  #know(phrases: readonly string[]): void {
    const name = phrases.length === 0 ? 'general' : `with ${phrases.join(' | ')}`;
    if (!this.#ready.has(name)) this.#prepare(name, phrases);
    // the most recently used is the last to be forgotten
    this.#ready.delete(name);
    this.#ready.add(name);
    if (this.#library.choose(this.#decoder, name) < 0) throw new Error('the decoder refused a language model');
  }

  #prepare(name: string, phrases: readonly string[]): void {
    const lookup = (word: string) => this.#library.lookup(this.#decoder, word) ?? undefined;
    const unknown = [...new Set(phrases.flatMap((phrase) => phrase.split(' ')))].filter((word) => lookup(word) === undefined);
    // a word that is added while a model is ready would slip into that model too, and with it into another conversation
    if (unknown.length > 0) for (const old of this.#ready) this.#drop(old);
    for (const word of unknown) this.#library.addWord(this.#decoder, word, pronounce(word, lookup), 0);
    for (const old of this.#ready) if (this.#ready.size >= keep) this.#drop(old);
    if (phrases.length === 0) {
      this.#library.setModel(this.#decoder, name, this.#general);
      return;
    }
    const context = this.#read(contextModel(phrases));
    const weights = [1 - contextWeight, contextWeight].map((weight) => weight ** languageWeight);
    const mixed = this.#library.mix(this.#config, [this.#general, context], ['general', 'context'], weights, 2);
    this.#library.setModel(this.#decoder, name, mixed);
    this.#library.freeModel(mixed);
    this.#library.freeModel(context);
  }

  #drop(name: string): void {
    this.#library.forget(this.#decoder, name);
    this.#ready.delete(name);
  }

  #read(arpa: string): Pointer {
    const folder = mkdtempSync(join(tmpdir(), 'aside-words-'));
    try {
      const file = join(folder, 'context.arpa');
      writeFileSync(file, arpa, { mode: 0o600 });
      const model = this.#library.readModel(this.#config, file, 0, this.#library.logmath(this.#decoder));
      if (!model) throw new Error('the context model could not be read');
      return model;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
