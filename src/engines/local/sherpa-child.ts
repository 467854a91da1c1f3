import { RATE } from '../../core/ports.ts';
import { giveUp, type Hearing, serve } from './child-serve.ts';
import type { SherpaFiles } from './sherpa-model.ts';
import { tokenWords } from './token-words.ts';

/** Silence after the last word, so that the model says what it still holds back. */
const padding = 0.66 * RATE;

try {
  const files = JSON.parse(process.argv[2] ?? '{}') as SherpaFiles;
  // loaded here, in a process of its own: a bad model ends the process, and parts of the library are under the GPL
  const { OnlineRecognizer } = await import('sherpa-onnx-node');
  const { tokens, ...transducer } = files;
  const recogniser = new OnlineRecognizer({
    featConfig: { sampleRate: RATE, featureDim: 80 },
    modelConfig: { transducer, tokens, numThreads: 1, provider: 'cpu' },
    decodingMethod: 'greedy_search',
    enableEndpoint: false,
  });
  serve((): Hearing => {
    const stream = recogniser.createStream();
    let before = '';
    const hear = (samples: Float32Array) => {
      stream.acceptWaveform({ samples, sampleRate: RATE });
      while (recogniser.isReady(stream)) recogniser.decode(stream);
    };
    const heard = () => {
      const { tokens: said, timestamps, ys_probs } = recogniser.getResult(stream);
      return tokenWords(said, timestamps, ys_probs ?? []);
    };
    return {
      sound(samples) {
        hear(Float32Array.from(samples, (sample) => sample / 32_768));
        const now = heard();
        if (!now || now.text === before) return undefined;
        before = now.text;
        return now;
      },
      end() {
        hear(new Float32Array(padding));
        stream.inputFinished();
        while (recogniser.isReady(stream)) recogniser.decode(stream);
        return heard();
      },
      drop: () => undefined,
    };
  });
} catch (error) {
  giveUp(`sherpa-onnx could not be loaded: ${String(error)}`);
}
