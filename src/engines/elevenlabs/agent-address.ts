import { baseUrl } from '../base-url.ts';
import { boundedFetch } from '../bounded-fetch.ts';
import { VendorProblem } from '../vendor-problem.ts';
import { refusedByElevenLabs } from './faults.ts';

export type AgentAddress = {
  readonly key: string;
  /** https://api.elevenlabs.io, or where its data stays in one part of the world. */
  readonly url: string;
  /** The id of the agent. */
  readonly agent: string;
};

/** An answer that holds an address is not longer than this, in bytes. */
const longest = 65_536;
const code = 'ears_failed';

/** Asks for an address that lets us in to an agent once; it is good for private agents and for public ones. */
export function agentAddress({ key, url, agent }: AgentAddress): (stop: AbortSignal) => Promise<string> {
  const ask = boundedFetch(longest);
  const where = `${baseUrl(url)}/v1/convai/conversation/get-signed-url?agent_id=${encodeURIComponent(agent)}`;
  return async (stop) => {
    const response = await ask(where, { headers: { 'xi-api-key': key }, signal: stop }).catch((cause) => {
      throw new VendorProblem(code, 'ElevenLabs cannot be reached. Check the network and ELEVENLABS_URL.', { cause });
    });
    const body: unknown = await response.json().catch(() => undefined);
    const { status, headers } = response;
    if (status === 404 || status === 422)
      throw new VendorProblem(code, 'ElevenLabs does not know this agent. Check ELEVENLABS_AGENT.', { fatal: true });
    if (!response.ok) throw refusedByElevenLabs({ status, body, headers }, code);
    const signed = (body as { signed_url?: unknown } | undefined)?.signed_url;
    // a conversation that goes out encrypted stays so
    if (typeof signed === 'string' && URL.canParse(signed) && new URL(signed).protocol === new URL(url).protocol.replace('http', 'ws')) return signed;
    throw new VendorProblem(code, 'ElevenLabs gave no address for talking to the agent.');
  };
}
