import type { ServiceSettings } from '../config.ts';
import type { Budgets } from '../core/budgets.ts';
import type { LateListener } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { redactedListener } from '../core/redaction.ts';
import type { Breaker } from '../engines/breaker.ts';
import { lateScribe } from '../engines/elevenlabs/batch.ts';
import type { Rung } from '../engines/ladder.ts';
import { lateLadder } from '../engines/late-ladder.ts';
import { openAiLateListener } from '../engines/openai/batch.ts';
import { isOpenAi } from '../engines/openai/client.ts';
import type { Purse } from '../engines/purse.ts';
import { realClock as clock } from '../engines/real-clock.ts';
import { hasOpenAi, openAiAddress } from './vendors.ts';

/** Who hears kept sound once more at the end: whoever has a key, and unless it was asked for, only who hears live anyway. */
export function chooseLateEars(settings: ServiceSettings, budgets: Budgets, money: Purse, newBreaker: () => Breaker): LateListener | undefined {
  const { FINAL_TRANSCRIPT: wanted, EARS: live, REDACT, ELEVENLABS_API_KEY: key } = settings;
  if (wanted === 'off') return undefined;
  const mayHear = (name: 'elevenlabs' | 'openai') => wanted === 'on' || live === 'auto' || live === name;
  const account = money.account('heard');
  const patience = budgets.hearAgain;
  const rungs: Rung<LateListener>[] = [];
  const add = (name: string, engine: LateListener) =>
    rungs.push({ name, about: `${name} hears it instead`, engine: redactedListener(engine, REDACT), breaker: newBreaker(), account });
  if (key && mayHear('elevenlabs'))
    add('ElevenLabs', lateScribe({ key, url: settings.ELEVENLABS_URL, model: settings.ELEVENLABS_LATE_EARS_MODEL, clock, patience }));
  // a look-alike has heard whole utterances live already, and tells no voices apart
  const address = openAiAddress(settings);
  if (hasOpenAi(settings) && isOpenAi(address) && mayHear('openai'))
    add('OpenAI', openAiLateListener({ ...address, model: settings.OPENAI_LATE_EARS_MODEL, clock, patience }));
  if (wanted === 'on' && rungs.length === 0)
    throw new Problem(
      'settings',
      'FINAL_TRANSCRIPT=on was asked for, but there is no key for it. Set ELEVENLABS_API_KEY or OPENAI_API_KEY, or FINAL_TRANSCRIPT=auto.',
    );
  return rungs.length > 0 ? lateLadder(rungs) : undefined;
}
