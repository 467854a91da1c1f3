import { isIPv4 } from 'node:net';
import type { ServiceSettings } from '../config.ts';
import { Problem } from '../core/problem.ts';

/** Who may use the service, and how people are told. */
export type Door = {
  readonly name: 'machine' | 'anybody' | 'keys';
  readonly about: string;
  readonly better: string;
  readonly keys: readonly string[];
  /** Whether knowing the id of a session is enough to be its owner. */
  readonly bareIds: boolean;
};

/** Whether only this machine itself can be at this address. */
export const isLoopback = (address: string): boolean =>
  address === 'localhost' || address === '::1' || (isIPv4(address) && address.startsWith('127.'));

const open =
  'Aside will not start: HOST lets other machines in, and nothing would keep strangers out. Set API_KEYS to keys that you give to those who may use it, or ALLOW_ANONYMOUS=1 if anybody at all may.';

/** Decides by the settings who may use the service; refuses to serve other machines without a word about it. */
export function doorOf(settings: Pick<ServiceSettings, 'HOST' | 'API_KEYS' | 'ALLOW_ANONYMOUS' | 'COMPAT'>): Door {
  const keys = settings.API_KEYS;
  if (keys.length > 0)
    return {
      name: 'keys',
      about: `whoever has ${keys.length === 1 ? 'the key' : `one of the ${keys.length} keys`} in API_KEYS, and whom they give a token of one session.`,
      better:
        settings.COMPAT === '1'
          ? 'COMPAT=0 asks for a token even where the id of a session is known.'
          : 'COMPAT=1 lets in old clients that know only an id.',
      keys,
      bareIds: settings.COMPAT === '1',
    };
  if (isLoopback(settings.HOST))
    return {
      name: 'machine',
      about: 'whoever uses this machine; no key is needed.',
      better: 'API_KEYS and HOST let others in.',
      keys,
      bareIds: true,
    };
  if (settings.ALLOW_ANONYMOUS !== '1') throw new Problem('settings', open);
  return {
    name: 'anybody',
    about: 'anybody who reaches this address, as ALLOW_ANONYMOUS=1 asks; no key is needed.',
    better: 'API_KEYS keeps strangers out.',
    keys,
    bareIds: true,
  };
}
