import type { Chosen } from '../cli/greeting.ts';
import type { ServiceSettings } from '../config.ts';
import type { Transcriber } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { findPocketsphinx, pocketsphinxTranscriber } from '../engines/local/pocketsphinx.ts';
import { findSherpa, sherpaTranscriber } from '../engines/local/sherpa.ts';

export type Closing = { close(): Promise<void> };
/** `tidies`: it writes what was meant, without the fillers that were said. */
export type Ears = { chosen: Chosen; transcriber?: Transcriber & Closing; tidies?: true };

/** The best recogniser that this machine has, or the one that was asked for. */
export async function chooseEars(settings: ServiceSettings): Promise<Ears> {
  const wanted = settings.EARS;
  if (wanted === 'auto' || wanted === 'sherpa') {
    const found = await findSherpa(settings.DATA_DIR);
    if (found)
      return {
        chosen: { name: 'sherpa', about: `the downloaded speech model ${found.name}, on this machine (English).` },
        transcriber: sherpaTranscriber(found),
        tidies: true,
      };
    if (wanted === 'sherpa')
      throw new Problem(
        'no_recogniser',
        'EARS=sherpa was asked for, but its speech model is not in DATA_DIR. Run npm run ears to fetch it, or set EARS=auto.',
      );
  }
  if (wanted === 'auto' || wanted === 'pocketsphinx') {
    const found = await findPocketsphinx();
    const about = 'PocketSphinx, on this machine: English only, gets about one word in three wrong. Good for trying things out.';
    if (found)
      return {
        chosen: { name: 'pocketsphinx', about, better: 'npm run ears fetches a far better speech model, where it can be reached.' },
        transcriber: pocketsphinxTranscriber(found),
      };
    if (wanted === 'pocketsphinx')
      throw new Problem(
        'no_recogniser',
        'EARS=pocketsphinx was asked for, but PocketSphinx is not installed. Run npm run ears to get it, or set EARS=auto.',
      );
  }
  const about =
    wanted === 'browser'
      ? 'the browser’s own recognition, as EARS=browser asks; many browsers send the sound to their maker for it.'
      : 'the browser’s own recognition, because this machine has no recogniser yet; many browsers send the sound to their maker for it.';
  return {
    chosen: {
      name: 'browser',
      about,
      better:
        wanted === 'browser' ? 'EARS=auto uses the best recogniser of this machine.' : 'npm run ears gets one; then words never leave this machine.',
    },
    tidies: true,
  };
}
