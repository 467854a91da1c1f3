import { findPocketsphinx } from '../../src/engines/local/pocketsphinx.ts';
import type { Hears } from '../support/vendors/growing-hearing.ts';

/** So many samples at a seam say whether sound goes on where it ended: a tenth of a second. */
const seam = 1_600;

const same = (a: Int16Array, b: Int16Array): boolean => a.length === b.length && a.every((sample, index) => sample === b[index]);

/** Hears English by the PocketSphinx of this machine; sound that has only grown since the last time is not heard again. Nothing where there is none. */
export async function sphinxHears(): Promise<Hears | undefined> {
  const found = await findPocketsphinx();
  if (!found?.libraries) return undefined;
  const [{ sphinxLibrary }, { SphinxDecoder }] = await Promise.all([
    import('../../src/engines/local/sphinx-library.ts'),
    import('../../src/engines/local/sphinx-decoder.ts'),
  ]);
  const decoder = new SphinxDecoder(sphinxLibrary(found.libraries.base, found.libraries.sphinx), found.model, [
    '-bestpath',
    'no',
    '-maxhmmpf',
    '3000',
  ]);
  let heard: Int16Array | undefined;
  const goesOn = (samples: Int16Array) =>
    heard !== undefined &&
    samples.length >= heard.length &&
    same(samples.subarray(0, seam), heard.subarray(0, seam)) &&
    same(samples.subarray(heard.length - seam, heard.length), heard.subarray(-seam));

  return (samples) => {
    if (samples.length < seam) return [];
    if (!goesOn(samples)) {
      if (heard) decoder.end();
      decoder.start([]);
      heard = new Int16Array(0);
    }
    if (samples.length > heard!.length) decoder.feed(samples.slice(heard!.length), false);
    heard = samples.slice();
    return decoder.heard(false)?.words ?? [];
  };
}
