import type { Chosen } from '../cli/greeting.ts';
import type { ServiceSettings } from '../config.ts';
import type { Budgets } from '../core/budgets.ts';
import type { Serving, Transcriber } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { redactedHints } from '../core/redaction.ts';
import { type Breaker, tireless } from '../engines/breaker.ts';
import { earsLadder } from '../engines/ears-ladder.ts';
import { scribe } from '../engines/elevenlabs/scribe.ts';
import type { Rung } from '../engines/ladder.ts';
import { findPocketsphinx, pocketsphinxTranscriber } from '../engines/local/pocketsphinx.ts';
import { findSherpa, sherpaTranscriber } from '../engines/local/sherpa.ts';
import { openAiEars } from '../engines/openai/batch.ts';
import { isOpenAi } from '../engines/openai/client.ts';
import { openAiRealtime } from '../engines/openai/realtime.ts';
import { politeTranscriber } from '../engines/polite-transcriber.ts';
import type { Account, Purse } from '../engines/purse.ts';
import { realClock as clock } from '../engines/real-clock.ts';
import { realtimeEars } from '../engines/realtime-ears.ts';
import type { Visitor } from './guest.ts';
import { hasOpenAi, openAiAddress } from './vendors.ts';

export type Closing = { close(): Promise<void> };
/** `tidies`: it writes what was meant, without the fillers that were said. */
export type Ears = { chosen: Chosen; transcriber?: Transcriber<Serving> & Closing; tidies?: true };

/** One of the recognisers that there are. */
type Ear = {
  name: string;
  chosen: Chosen;
  instead: string;
  engine: Transcriber & Closing;
  paid?: true;
  tidies?: true;
  breaker?: Breaker;
  account?: Account;
};

/** The recognisers elsewhere whose key is there, the better first. */
function earsElsewhere(settings: ServiceSettings, budgets: Budgets): Ear[] {
  const { EARS: wanted, REDACT, ELEVENLABS_API_KEY: key } = settings;
  const found: Ear[] = [];
  const add = (ear: Ear) => found.push({ ...ear, engine: { ...ear.engine, ...redactedHints(ear.engine, REDACT) } });
  if (key && (wanted === 'auto' || wanted === 'elevenlabs'))
    add({
      name: 'ElevenLabs',
      chosen: { name: 'elevenlabs', about: 'ElevenLabs, live; what is said is sent to it, silence is not.' },
      instead: 'ElevenLabs hears instead',
      engine: realtimeEars({ dialect: scribe({ key, url: settings.ELEVENLABS_URL, model: settings.ELEVENLABS_EARS_MODEL }), clock, budgets }),
      paid: true,
    });
  if (hasOpenAi(settings) && (wanted === 'auto' || wanted === 'openai')) {
    const address = openAiAddress(settings);
    const model = settings.OPENAI_EARS_MODEL;
    // only OpenAI itself hears live; its look-alikes hear an utterance when it is over
    const isLive = isOpenAi(address) && settings.OPENAI_API_KEY !== undefined;
    const live = () =>
      realtimeEars({ dialect: openAiRealtime({ key: settings.OPENAI_API_KEY!, url: settings.OPENAI_BASE_URL, model }), clock, budgets });
    add({
      name: 'OpenAI',
      chosen: {
        name: 'openai',
        about: isLive
          ? 'OpenAI, live; what is said is sent to it, silence is not.'
          : `the server at ${new URL(settings.OPENAI_BASE_URL).host}, utterance by utterance.`,
      },
      instead: 'OpenAI hears instead',
      engine: isLive ? live() : { ...openAiEars({ ...address, model, clock }), close: async () => undefined },
      ...(isLive && { paid: true }),
    });
  }
  return found;
}

/** The best recogniser of this machine, as far as one is wanted. */
async function earOfThisMachine({ EARS: wanted, DATA_DIR }: ServiceSettings, budgets: Budgets): Promise<Ear | undefined> {
  if (wanted === 'browser') return undefined;
  const polite = (engine: Transcriber & Closing) => ({ ...politeTranscriber(engine, clock, budgets.wordsLast), close: () => engine.close() });
  const sherpa = wanted === 'pocketsphinx' ? undefined : await findSherpa(DATA_DIR);
  if (sherpa)
    return {
      name: 'This machine',
      chosen: { name: 'sherpa', about: `the downloaded speech model ${sherpa.name}, on this machine (English).` },
      instead: 'This machine hears instead',
      engine: polite(sherpaTranscriber(sherpa)),
      tidies: true,
    };
  const pocketsphinx = wanted === 'sherpa' ? undefined : await findPocketsphinx();
  if (!pocketsphinx) return undefined;
  return {
    name: 'This machine',
    chosen: {
      name: 'pocketsphinx',
      about: 'PocketSphinx, on this machine: English only, gets about one word in three wrong. Good for trying things out.',
      better: 'npm run ears fetches a far better speech model, where it can be reached.',
    },
    instead: 'This machine hears instead, with one word in three wrong,',
    engine: polite(pocketsphinxTranscriber(pocketsphinx)),
  };
}

/** What is missing where a recogniser was asked for by name. */
const missing: Partial<Record<ServiceSettings['EARS'], string>> = {
  sherpa: 'EARS=sherpa was asked for, but its speech model is not in DATA_DIR. Run npm run ears to fetch it, or set EARS=auto.',
  pocketsphinx: 'EARS=pocketsphinx was asked for, but PocketSphinx is not installed. Run npm run ears to get it, or set EARS=auto.',
  elevenlabs: 'EARS=elevenlabs was asked for, but there is no key for it. Set ELEVENLABS_API_KEY, or EARS=auto.',
  openai:
    'EARS=openai was asked for, but there is no key for it. Set OPENAI_API_KEY (or OPENAI_BASE_URL for a server that needs none), or EARS=auto.',
};

/** A recogniser of this machine that was brought along. */
const earBrought = (ear: Transcriber): Ear => ({
  name: 'This machine',
  chosen: { name: 'brought', about: 'brought along.' },
  instead: 'This machine hears instead',
  engine: { ...ear, close: async () => undefined },
});

/** The ears of a coach elsewhere. */
const earOfGuest = ({ chosen, guest, breaker, account }: Visitor): Ear => ({
  name: guest.name,
  chosen,
  instead: `${guest.name} hears instead`,
  engine: { ...guest.ears, close: async () => undefined },
  // it writes what was meant
  tidies: true,
  breaker,
  account,
});

/** Who turns sound into words: everybody who can, the best first; what one cannot hear the next does. `localEar` stands in for that of this machine, and a coach elsewhere hears for itself. */
export async function chooseEars(
  settings: ServiceSettings,
  budgets: Budgets,
  money: Purse,
  newBreaker: () => Breaker,
  localEar?: Transcriber,
  visitor?: Visitor,
): Promise<Ears> {
  const elsewhere = [...(visitor && settings.EARS === 'auto' ? [earOfGuest(visitor)] : []), ...earsElsewhere(settings, budgets)];
  const here = localEar ? earBrought(localEar) : await earOfThisMachine(settings, budgets);
  const all = [...elsewhere, ...(here ? [here] : [])];
  const [best] = all;
  const wanted = settings.EARS;
  const isThere = wanted === 'elevenlabs' || wanted === 'openai' ? elsewhere.length > 0 : best !== undefined;
  if (missing[wanted] && !isThere) throw new Problem('no_recogniser', missing[wanted]);
  if (!best) return theBrowser(wanted === 'browser');
  const rungs = all.map(
    ({ name, instead, engine, paid, breaker, account = paid && money.account('heard') }): Rung<Transcriber> => ({
      name,
      about: instead,
      engine,
      breaker: engine === here?.engine ? tireless : (breaker ?? newBreaker()),
      ...(account && { account }),
    }),
  );
  // where nothing can fail but this machine, there is nobody to wait for
  const patience = elsewhere.length > 0 ? budgets.earsPatience : 0;
  const fallback = elsewhere.length > 0 && here ? ` Where that fails, ${here.chosen.name} on this machine hears.` : '';
  return {
    chosen: { ...best.chosen, about: best.chosen.about + fallback },
    transcriber: {
      ...earsLadder(rungs, clock, patience),
      close: async () => void (await Promise.all(all.map(({ engine }) => engine.close()))),
    },
    ...(best.tidies && { tidies: true }),
  };
}

const theBrowser = (asked: boolean): Ears => ({
  chosen: {
    name: 'browser',
    about: asked
      ? 'the browser’s own recognition, as EARS=browser asks; many browsers send the sound to their maker for it.'
      : 'the browser’s own recognition, because this machine has no recogniser yet; many browsers send the sound to their maker for it.',
    better: asked ? 'EARS=auto uses the best recogniser of this machine.' : 'npm run ears gets one; then words never leave this machine.',
  },
  tidies: true,
});
