import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import { isLoopback } from './door.ts';

/** The first four of the eight groups of an IPv6 address: those behind them are mostly one and the same household. */
function network(address: string): string {
  const [before = '', after] = address.split('%')[0]!.toLowerCase().split('::');
  const groups = before.split(':').filter(Boolean);
  const rest = after?.split(':').filter(Boolean) ?? [];
  const zeros = after === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  const all = [...groups, ...Array<string>(zeros).fill('0'), ...rest];
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

/**
 * Whom limits go by: the address of the client, an IPv6 one by its network, as the last of so many proxies names it.
 * This machine itself has none: nobody is limited who can stop the service anyway, and a proxy that was not named is not taken for its clients.
 */
export function addressOf({ socket, headers }: IncomingMessage, proxies: number): string | undefined {
  const own = plain(socket.remoteAddress ?? '');
  const named = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  // the own address stands last; what a client claims beyond the proxies counts for nothing
  const claimed = proxies === 0 ? '' : plain(named.slice(-proxies)[0]!.trim());
  const isClaimed = isIP(claimed.split('%')[0]!) > 0;
  if (!isClaimed && isLoopback(own)) return undefined;
  const address = isClaimed ? claimed : own;
  return isIPv6(address.split('%')[0]!) ? network(address) : address;
}
