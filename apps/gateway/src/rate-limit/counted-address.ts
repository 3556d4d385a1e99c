import { isIPv6 } from 'node:net';

/**
 * What requests from an address are counted under: itself or, of IPv6, the first 64 bits, since whoever has one such address has
 * the 2^64 others (RFC 6177) and would have the limit as often.
 */
export function countedAddress(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [before, after] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Math.max(0, 8 - before!.length - (after?.length ?? 0));
  const groups = [...before!, ...Array<string>(zeros).fill('0'), ...(after ?? [])];
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
