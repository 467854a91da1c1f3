import type OpenAI from 'openai';
import { boundedFetch } from '../bounded-fetch.ts';

/** Where a server is that speaks as OpenAI does; without a url it is OpenAI itself. The url ends with /v1. `openAi` says whether OpenAI itself answers there, where the host does not tell. */
export type Address = { readonly key?: string; readonly url?: string; readonly openAi?: boolean };

const home = 'https://api.openai.com/v1';

/** The longest answer that is read, in bytes; a word of a model costs about 250. */
const longest = 8_388_608;

/** Whether this is OpenAI itself, or somebody who speaks its dialect. */
export const isOpenAi = ({ url = home, openAi }: Address): boolean => openAi ?? /(^|\.)openai\.com$/.test(new URL(url).hostname);

/** Who is asked, as a sentence about him begins. */
export const whoIs = ({ url = home, ...address }: Address): string =>
  isOpenAi({ url, ...address }) ? 'OpenAI' : `The model server at ${new URL(url).host}`;

/** The vendor's own client: loaded when it is needed first, it never tries again by itself, says nothing, and reads no environment. */
export async function openAiClient({ key, url = home }: Address, timeout: number): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
  return new OpenAI({
    apiKey: key || 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: url,
    timeout,
    maxRetries: 0,
    logLevel: 'off',
    fetch: boundedFetch(longest),
  });
}
