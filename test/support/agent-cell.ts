import type { compose } from '../../src/compose.ts';
import { advice, agentStage, wordsEach } from './agent-stage.ts';
import { type Outcome, retryAfter, soon } from './provider-cell.ts';
import { breakerTimes } from './provider-stage.ts';
import { counted } from './tone-words.ts';
import { type Fault, type FaultName, faultNames, faultScript, type Phase } from './vendors/faults.ts';

/** What is asked for the agent's address, and its socket itself. */
export const address = /get-signed-url$/;
export const socket = /convai\/conversation$/;

/** At which of the two calls what goes wrong. */
export type AgentFault = Fault & { readonly where: RegExp };

const refusing: readonly FaultName[] = ['bad-key', 'busy', 'broken', 'refused', 'hang'];
/** Every fault in every phase; as the call is made, at the address and, where that differs, at the socket. */
export const agentFaults: readonly AgentFault[] = faultNames.flatMap((name): AgentFault[] => {
  const at = (phase: Phase, where: RegExp) => ({ name, phase, where });
  return [at('connect', address), ...(refusing.includes(name) ? [at('connect', socket)] : []), at('first', socket), at('stream', socket)];
});

/** Who does not answer at all is not waited for as long as usual, in ms; whoever answers may take his time on a busy machine. */
const short = { earsConnect: 1_500, earsMute: 1_500, earsLast: 1_500, modelFirst: 1_500, modelTotal: 1_500 };
const silent: readonly FaultName[] = ['hang', 'slow', 'endless', 'malformed'];
/** How long it may take, in ms, before another must have heard, or advised. */
const deadlines = { ears: short.earsConnect + short.earsMute + short.earsLast, brain: short.modelFirst };

/** Whatever is so comes about within this, in ms, or never. */
const patience = 20_000;
const utterances = 12;

/** Plays one cell with an agent as the whole coach: it goes wrong, people speak and ask, it heals, and it has to come back as ears and as coach. */
export async function agentCell(composes: typeof compose, { name, phase, where }: AgentFault): Promise<Outcome> {
  const wrong: string[] = [];
  const faults = faultScript(where);
  faults.next(name, phase, Number.POSITIVE_INFINITY);
  const budgets = silent.includes(name) ? short : {};
  const stage = await agentStage({ faults }, {}, { breakerTimes, budgets }, composes);
  const { client, service, elevenLabs } = stage;
  const begun = performance.now();
  let said = 0;
  let late = Number.NEGATIVE_INFINITY;
  const speak = async () => {
    stage.speak();
    said += 1;
    const took = await soon(() => stage.said().length >= said * wordsEach, patience);
    if (took === undefined) wrong.push(`utterance ${said} was not heard`);
    return took ?? patience;
  };
  const whisper = async () => {
    const before = client.all.filter(({ type }) => type === 'suggestion').length;
    client.send({ type: 'hint' });
    const suggestions = () => client.all.filter(({ type }) => type === 'suggestion');
    const took = await soon(() => suggestions().length > before, patience);
    if (took === undefined) wrong.push('no whisper came');
    return { took: took ?? patience, text: suggestions()[before]?.text };
  };
  const ofParts = (type: string) => ['ears', 'brain'].filter((part) => stage.health(part).at(-1)?.type === type);
  const failures = () => ['ears', 'brain'].flatMap((part) => stage.health(part).filter(({ type }) => type === 'failed'));

  for (let each = 0; each < 3 && wrong.length === 0; each += 1) late = Math.max(late, (await speak()) - deadlines.ears);
  const given = await whisper();
  late = Math.max(late, given.took - deadlines.brain);
  if (given.text !== advice && !stage.entries().some(({ type }) => type === 'failed' || type === 'passed')) wrong.push('nobody was told of the fall');
  if (stage.heardHere > 0 && stage.health('ears').length === 0) wrong.push('nobody was told of the fall');
  const [failure] = failures();
  const told = failure ? Date.parse(failure.at) - performance.timeOrigin - begun - deadlines.ears : 0;
  const asked = elevenLabs.calls.filter((call) => call.fault?.name === name).length;
  if (asked === 0) wrong.push('who is ill was never asked');
  const elapsed = performance.now() - begun;
  if (/bad-key|quota/.test(name) && asked > 1 + Math.floor(elapsed / breakerTimes.ownersTime))
    wrong.push(`asked ${asked} times with a bad key in ${Math.round(elapsed)} ms`);
  // of what else is wrong it only says so
  const isBusy = name === 'busy' || (name === 'busy-until' && where === address);
  if (isBusy && asked > 2 + Math.floor(elapsed / retryAfter)) wrong.push(`asked ${asked} times while it was busy, in ${Math.round(elapsed)} ms`);

  faults.heal();
  // a line that hears and says nothing looks well: it heals only as a new one
  if (name === 'empty') elevenLabs.cut();
  const healed = performance.now();
  let back: number | undefined;
  while (back === undefined && wrong.length === 0 && performance.now() - healed < patience) {
    const { text } = await whisper();
    // who may not be asked yet would only be spoken past
    if (text === advice && ofParts('failed').includes('ears') && said < utterances) await speak();
    if (text !== advice) await soon(() => false, 50);
    else if (ofParts('failed').length === 0) back = performance.now() - healed;
  }
  if (back === undefined && wrong.length === 0)
    wrong.push(`the best engine did not come back: ${ofParts('failed').join(' and ')} of ${said} utterances`);

  client.send({ type: 'stop' });
  if ((await soon(() => client.all.some(({ type }) => type === 'stopped'), patience)) === undefined) wrong.push('it never stopped listening');
  const words = stage.said();
  const expected = counted(0, said * wordsEach);
  if (words.join(' ') !== expected.join(' ')) wrong.push(`heard ${words.join(' ')} of ${expected.join(' ')}`);
  const finished = await service.post(`/session/${stage.id}/finish`);
  if (finished.status !== 200) wrong.push(`the session is lost: finish says ${finished.status}`);
  client.close();
  await service[Symbol.asyncDispose]();
  const upstream = () => elevenLabs.openSockets + elevenLabs.waiting;
  const open = await soon(() => upstream() === 0, patience);
  if (open === undefined) wrong.push(`${upstream()} lines to vendors were left open`);
  await stage[Symbol.asyncDispose]();
  const backBy = /bad-key|quota/.test(name) ? breakerTimes.ownersTime : Math.max(breakerTimes.longestTry, /busy/.test(name) ? retryAfter : 0);
  return { wrong, fell: failure !== undefined, late, told, back: back ?? patience, backBy, asked, open: open ?? patience };
}
