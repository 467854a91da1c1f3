import { findPocketsphinx } from '../../src/engines/local/pocketsphinx.ts';
import type { Hears } from '../support/vendors/growing-hearing.ts';

/** Hears English by the PocketSphinx of this machine, at once and all of it each time; nothing where there is none. */
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
  return (samples) => {
    if (samples.length < 1_600) return [];
    decoder.start([]);
    decoder.feed(samples, true);
    decoder.end();
    return decoder.heard(false)?.words ?? [];
  };
}
