import { giveUp, type Hearing, serve } from './child-serve.ts';
import { joined } from './pieces.ts';
import { SphinxDecoder, type SphinxModel } from './sphinx-decoder.ts';
import { sphinxLibrary } from './sphinx-library.ts';

type Orders = { mode: 'whole' | 'live' | 'probe'; base: string; sphinx: string; model: SphinxModel };

/** Fast and rough: what appears while somebody speaks is replaced a moment later anyway. */
const lightly = ['-fwdflat', 'no', '-bestpath', 'no', '-maxhmmpf', '3000', '-ds', '2'];

/** New sound between two looks at the partial words: 300 ms. */
const patience = 4800;

/** The best words for a whole utterance, loudness and channel averaged over all of it. */
function whole(decoder: SphinxDecoder, phrases: string[]): Hearing {
  const kept: Int16Array[] = [];
  return {
    sound(samples) {
      kept.push(samples);
      return undefined;
    },
    end() {
      const all = joined(kept);
      if (all.length === 0) return undefined;
      decoder.start(phrases);
      decoder.feed(all, true);
      decoder.end();
      return decoder.heard(true);
    },
    drop: () => undefined,
  };
}

/** Words while they are being said. */
function live(decoder: SphinxDecoder, phrases: string[]): Hearing {
  decoder.start(phrases);
  let fresh = 0;
  let before = '';
  return {
    sound(samples) {
      decoder.feed(samples, false);
      fresh += samples.length;
      if (fresh < patience) return undefined;
      fresh = 0;
      const heard = decoder.heard(false);
      if (!heard || heard.text === before) return undefined;
      before = heard.text;
      return heard;
    },
    end() {
      decoder.end();
      return decoder.heard(false);
    },
    drop: () => decoder.end(),
  };
}

try {
  const orders = JSON.parse(process.argv[2] ?? '{}') as Orders;
  const library = sphinxLibrary(orders.base, orders.sphinx);
  if (orders.mode === 'probe') process.exit(0);
  // one decoder keeps to one way of listening: mixing them corrupts what it hears
  const decoder = new SphinxDecoder(library, orders.model, orders.mode === 'live' ? lightly : []);
  serve((phrases) => (orders.mode === 'live' ? live(decoder, phrases) : whole(decoder, phrases)));
} catch (error) {
  giveUp(`PocketSphinx could not be loaded: ${String(error)}`);
}
