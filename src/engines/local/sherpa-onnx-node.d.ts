/** What Aside uses of sherpa-onnx-node, which ships no types. */
declare module 'sherpa-onnx-node' {
  type Stream = { acceptWaveform(sound: { samples: Float32Array; sampleRate: number }): void; inputFinished(): void };
  type Result = { text: string; tokens: string[]; timestamps: number[]; ys_probs?: number[] };
  class OnlineRecognizer {
    constructor(config: {
      featConfig: { sampleRate: number; featureDim: number };
      modelConfig: { transducer: { encoder: string; decoder: string; joiner: string }; tokens: string; numThreads: number; provider: string };
      decodingMethod: 'greedy_search';
      enableEndpoint: boolean;
    });
    createStream(): Stream;
    isReady(stream: Stream): boolean;
    decode(stream: Stream): void;
    getResult(stream: Stream): Result;
  }
}
