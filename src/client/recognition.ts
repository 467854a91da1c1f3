import { Trouble } from './trouble.ts';

/** What the browser's own recogniser hears. */
export type Recognised = { readonly text: string; readonly final: boolean };

export type RecognitionOptions = { language: string; hear(words: Recognised): void; trouble(trouble: Trouble): void };

// the browsers' types differ and some know none: only what is used here
type Result = { readonly isFinal: boolean; readonly 0: { readonly transcript: string } };
type Recogniser = {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  onresult: ((event: { resultIndex: number; results: ArrayLike<Result> }) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
  start(): void;
  abort(): void;
};

const faults: Record<string, readonly [code: string, message: string]> = {
  'not-allowed': ['recogniser_denied', 'The browser may not turn speech into words.'],
  'service-not-allowed': ['recogniser_forbidden', 'This browser does not let pages turn speech into words.'],
  network: ['recogniser_offline', 'The browser’s own recognition needs a network and has none.'],
  'audio-capture': ['recogniser_silent', 'The browser’s own recognition gets no sound from the microphone.'],
  'language-not-supported': ['recogniser_language', 'The browser’s own recognition does not know this language.'],
};

const known = (): (new () => Recogniser) | undefined => {
  const all = globalThis as unknown as Record<string, (new () => Recogniser) | undefined>;
  return all.SpeechRecognition ?? all.webkitSpeechRecognition;
};

/** Whether this browser can turn speech into words by itself. */
export const canRecognise = (): boolean => known() !== undefined;

/** Lets the browser turn speech into words until stopped; resolves when it has stopped for good. */
export function recognise({ language, hear, trouble }: RecognitionOptions, stop: AbortSignal): Promise<void> {
  const Kind = known();
  if (!Kind) {
    trouble(new Trouble('recogniser_missing', 'Neither Aside nor this browser can turn speech into words.'));
    return Promise.resolve();
  }
  const recogniser = new Kind();
  recogniser.lang = language;
  recogniser.continuous = true;
  recogniser.interimResults = true;
  recogniser.onresult = ({ resultIndex, results }) => {
    for (let index = resultIndex; index < results.length; index += 1) {
      const { isFinal, 0: best } = results[index]!;
      const text = best.transcript.trim();
      if (text && !stop.aborted) hear({ text, final: isFinal });
    }
  };
  return new Promise((resolve) => {
    let refused = false;
    const begin = () => {
      try {
        recogniser.start();
      } catch {
        // it is still ending the last round: its end starts the next
      }
    };
    recogniser.onerror = ({ error }) => {
      const fault = faults[error];
      refused ||= fault !== undefined;
      if (fault && !stop.aborted) trouble(new Trouble(...fault));
    };
    // browsers end it after some silence: it goes on until the conversation ends
    recogniser.onend = () => (stop.aborted || refused ? resolve() : begin());
    stop.addEventListener('abort', () => [recogniser.abort(), resolve()], { once: true });
    begin();
  });
}
