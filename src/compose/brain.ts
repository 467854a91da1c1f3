import type { Chosen } from '../cli/greeting.ts';
import type { ServiceSettings } from '../config.ts';
import type { Budgets } from '../core/budgets.ts';
import type { Model, Serving } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import type { Breaker } from '../engines/breaker.ts';
import type { Rung } from '../engines/ladder.ts';
import { modelLadder } from '../engines/model-ladder.ts';
import type { Abilities } from '../engines/openai/brain.ts';
import { type Address, whoIs } from '../engines/openai/client.ts';
import { openAiModel, type Patience } from '../engines/openai/model.ts';
import { probeOpenAi } from '../engines/openai/probe.ts';
import type { Purse } from '../engines/purse.ts';
import { realClock as clock } from '../engines/real-clock.ts';
import { hasOpenAi, openAiAddress, openAiSpeaks } from './vendors.ts';

export type Brains = {
  chosen: Chosen;
  /** Who words advice in this conversation, in time for a whisper. */
  adviser: ((talk: string) => Model<Serving>) | undefined;
  /** Who words its feedback, with more patience. */
  judge: ((talk: string) => Model<Serving>) | undefined;
  /** Who answers in a chat, while somebody reads along. */
  talker: ((talk: string) => Model<Serving>) | undefined;
};

/** One of the models that there are; what is known about its server is shared by all conversations. */
type Known = { readonly address: Address; readonly model: string; readonly abilities: Abilities; readonly breaker: Breaker };

/** Who thinks: the first model, the second where that fails, and rules where both do. */
export async function chooseBrain(settings: ServiceSettings, budgets: Budgets, money: Purse, newBreaker: () => Breaker): Promise<Brains> {
  const { BRAIN: wanted, OPENAI_SECOND_BASE_URL: secondUrl, OPENAI_SECOND_API_KEY: secondKey, OPENAI_SECOND_MODEL: secondModel } = settings;
  if (wanted === 'reflexes' || (wanted === 'auto' && !hasOpenAi(settings)))
    return {
      chosen: {
        name: 'reflexes',
        about: 'reflexes: rules on this machine, no language model.',
        better:
          wanted === 'reflexes'
            ? 'BRAIN=auto asks a language model.'
            : 'OPENAI_API_KEY, or OPENAI_BASE_URL of a server of your own, adds a language model.',
      },
      adviser: undefined,
      judge: undefined,
      talker: undefined,
    };
  if (!hasOpenAi(settings))
    throw new Problem('settings', 'BRAIN=openai was asked for, but there is no key for it. Set OPENAI_API_KEY (or OPENAI_BASE_URL), or BRAIN=auto.');
  const voice = openAiSpeaks(settings) ? { voice: settings.OPENAI_VOICE_MODEL } : {};
  const wishes: { address: Address; model: string; voice?: string }[] = [
    { address: openAiAddress(settings), model: settings.OPENAI_MODEL, ...voice },
  ];
  if (secondUrl && secondModel) wishes.push({ address: { url: secondUrl, ...(secondKey && { key: secondKey }) }, model: secondModel });
  const probed = await Promise.all(wishes.map(({ address, ...wanted }) => probeOpenAi({ ...address, clock, wanted })));
  const models = wishes.map(
    ({ address, model }, index): Known => ({
      address,
      model,
      abilities: { schema: probed[index]!.schema ?? true },
      breaker: newBreaker(),
    }),
  );
  const account = money.account('tokens');
  const over =
    (patience: Patience) =>
    (talk: string): Model<Serving> =>
      modelLadder(
        models.map(
          ({ address, model, abilities, breaker }): Rung<Model> => ({
            name: whoIs(address),
            about: `${whoIs(address)} thinks instead`,
            engine: openAiModel({
              ...address,
              model,
              clock,
              abilities,
              patience,
              spent: ({ tokensIn, tokensOut }) => account.spend(talk, tokensIn + tokensOut),
            }),
            breaker,
            account,
          }),
        ),
        talk,
      );
  const notes = probed.flatMap(({ notes }) => notes);
  return {
    chosen: {
      name: 'openai',
      about: `${wishes.map(({ address, model }) => `${model} at ${whoIs(address)}`).join(', then ')}; rules where that fails.${notes.map((note) => ` ${note}`).join('')}`,
    },
    adviser: over({ first: budgets.modelFirst, between: budgets.modelFirst, total: budgets.modelTotal }),
    talker: over({ first: budgets.answerFirst, between: budgets.answerFirst, total: budgets.answerTotal }),
    judge: over({ first: budgets.reviewModel / 2, between: budgets.modelTotal, total: budgets.reviewModel }),
  };
}
