import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';

const inside = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(network, prefix, 'ipv4');

const outside = new BlockList();
outside.addSubnet('2000::', 3, 'ipv6');
// addresses that carry one of the others in them
const carriers = new BlockList();
carriers.addSubnet('2002::', 16, 'ipv6');
carriers.addSubnet('2001::', 32, 'ipv6');

/** Whether an address is one of the open Internet, and not of this machine or its network. */
export const isPublic = (address: string): boolean =>
  isIPv6(address) ? outside.check(address, 'ipv6') && !carriers.check(address, 'ipv6') : isIP(address) === 4 && !inside.check(address, 'ipv4');

/** Finds the addresses of a name, and none where one of them is not public: what was looked at is what is connected to. */
export const publicLookup: LookupFunction = (name, options, done) => {
  resolve(name, { ...options, all: true }, (error, found) => {
    if (error) return done(error, []);
    if (found.length === 0 || !found.every(({ address }) => isPublic(address))) return done(new Error('no public address'), []);
    if (options.all) done(null, found);
    else done(null, found[0]!.address, found[0]!.family);
  });
};
