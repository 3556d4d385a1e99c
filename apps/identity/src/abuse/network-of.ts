import { isIPv6 } from 'node:net';

/**
 * What attempts from an address are counted against: an IPv4 address itself, the /64 of an IPv6 one, since whoever has one
 * address of it has all 2^64 (RFC 6177). IPv4 in IPv6 clothes (RFC 4291 §2.5.5.2) is IPv4.
 */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return bare;
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(bare);
  if (mapped) return mapped[1]!;
  const groups = expand(bare);
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** The eight groups of an address, without leading zeros. */
function expand(address: string): string[] {
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
}
