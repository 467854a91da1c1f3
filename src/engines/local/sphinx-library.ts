import koffi from 'koffi';

/** A pointer of the library; only ever handed back to it. */
export type Pointer = unknown;

/** The functions of PocketSphinx 0.8/5prealpha that Aside calls. For child processes only: a wrong pointer ends the process. */
export type SphinxLibrary = ReturnType<typeof sphinxLibrary>;

/** Loads the shared libraries (`base` first: the other needs it) and keeps them quiet. */
export function sphinxLibrary(base: string, sphinx: string) {
  const b = koffi.load(base, { global: true });
  const s = koffi.load(sphinx);
  const owned = koffi.disposable('str');
  const library = {
    args: s.func('void *ps_args()') as () => Pointer,
    parse: b.func('void *cmd_ln_parse_r(void *into, void *definitions, int count, const char **args, int strict)') as (
      into: null,
      definitions: Pointer,
      count: number,
      args: string[],
      strict: number,
    ) => Pointer,
    init: s.func('void *ps_init(void *config)') as (config: Pointer) => Pointer,
    startStream: s.func('int ps_start_stream(void *decoder)') as (decoder: Pointer) => number,
    startUtterance: s.func('int ps_start_utt(void *decoder)') as (decoder: Pointer) => number,
    process: s.func('int ps_process_raw(void *decoder, const int16_t *samples, size_t count, int noSearch, int whole)') as (
      decoder: Pointer,
      samples: Int16Array,
      count: number,
      noSearch: number,
      whole: number,
    ) => number,
    endUtterance: s.func('int ps_end_utt(void *decoder)') as (decoder: Pointer) => number,
    // 0.8 wants a second pointer, 5prealpha does not look at it
    segments: s.func('void *ps_seg_iter(void *decoder, void *score)') as (decoder: Pointer, score: null) => Pointer,
    next: s.func('void *ps_seg_next(void *segment)') as (segment: Pointer) => Pointer,
    word: s.func('const char *ps_seg_word(void *segment)') as (segment: Pointer) => string,
    frames: s.func('void ps_seg_frames(void *segment, _Out_ int *from, _Out_ int *to)') as (segment: Pointer, from: number[], to: number[]) => void,
    posterior: s.func('int32_t ps_seg_prob(void *segment, void *a, void *b, void *c)') as (segment: Pointer, a: null, b: null, c: null) => number,
    logmath: s.func('void *ps_get_logmath(void *decoder)') as (decoder: Pointer) => Pointer,
    exp: b.func('double logmath_exp(void *logmath, int32_t value)') as (logmath: Pointer, value: number) => number,
    readModel: b.func('void *ngram_model_read(void *config, const char *file, int type, void *logmath)') as (
      config: Pointer,
      file: string,
      type: number,
      logmath: Pointer,
    ) => Pointer,
    freeModel: b.func('int ngram_model_free(void *model)') as (model: Pointer) => number,
    mix: b.func('void *ngram_model_set_init(void *config, void **models, const char **names, const float *weights, int count)') as (
      config: Pointer,
      models: Pointer[],
      names: string[],
      weights: number[],
      count: number,
    ) => Pointer,
    setModel: s.func('int ps_set_lm(void *decoder, const char *name, void *model)') as (decoder: Pointer, name: string, model: Pointer) => number,
    choose: s.func('int ps_set_search(void *decoder, const char *name)') as (decoder: Pointer, name: string) => number,
    forget: s.func('int ps_unset_search(void *decoder, const char *name)') as (decoder: Pointer, name: string) => number,
    addWord: s.func('int ps_add_word(void *decoder, const char *word, const char *phones, int update)') as (
      decoder: Pointer,
      word: string,
      phones: string,
      update: number,
    ) => number,
    lookup: s.func('ps_lookup_word', owned, ['void *', 'str']) as (decoder: Pointer, word: string) => string | null,
  };
  const quiet = b.func('void err_set_logfp(void *file)') as (file: null) => void;
  quiet(null);
  return library;
}
