import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Detector } from '../../core/ports.ts';
import { onnxTensors } from './onnx-tensors.ts';
import { type SileroWeights, sileroStream, sileroWeights, WINDOW } from './silero-network.ts';

/** Reads the Silero model once; each call of what it returns makes a detector for one stream. No native code, no process. */
export function sileroDetectors(): () => Detector {
  const path = createRequire(import.meta.url).resolve('@ricky0123/vad-web/dist/silero_vad_v6.onnx');
  const weights = sileroWeights(onnxTensors(readFileSync(path), 'then_branch'));
  return () => sileroDetector(weights);
}

/** Listens to one stream in steps of 32 ms; shorter pieces are collected, and the answer is that of the latest whole step. */
function sileroDetector(weights: SileroWeights): Detector {
  const listen = sileroStream(weights);
  const window = new Float32Array(WINDOW);
  let filled = 0;
  let probability = 0;
  return {
    speech(samples) {
      for (const sample of samples) {
        window[filled++] = sample / 32_768;
        if (filled < WINDOW) continue;
        filled = 0;
        probability = listen(window);
      }
      return probability;
    },
    close() {},
  };
}
