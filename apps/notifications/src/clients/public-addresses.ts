import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Names that mean machines of our own, whatever they resolve to. */
const INSIDE = /(?:^|\.)(?:localhost|local|internal|home\.arpa)\.?$/i;

/** What resolves a name; `dns.lookup` unless told otherwise. */
export type Resolver = (
  hostname: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** A connection that was not made because it would have led inside. */
export class AddressRefused extends Error {
  readonly code = 'ADDRESS_REFUSED';

  constructor() {
    super('The address is not a public one.');
  }
}

/**
 * Whether an IP address is one of the internet: not private, loopback, link-local, carrier-grade, multicast or set aside
 * (IANA's special-purpose registries), nor any of these wrapped into IPv6 (mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return ipaddr.process(address).range() === 'unicast';
}

/** The IP address that the host of a URL is; undefined for a name. Numbers in any notation are addresses to `URL` already. */
export function addressOf({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return ipaddr.isValid(bare) ? bare : undefined;
}

/** Whether the host of a URL means somewhere inside by its very name or number. */
export function isInsideByName(url: URL): boolean {
  const address = addressOf(url);
  return address === undefined ? INSIDE.test(url.hostname) : !isPublicAddress(address);
}

/**
 * A `lookup` for sockets that finds public addresses only: the socket connects to what was checked here, so that a name
 * which means something else a moment later (DNS rebinding) gains nothing.
 */
export function publicLookup(resolver: Resolver = resolve as Resolver): LookupFunction {
  return (hostname, options, done) => {
    const found = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]): void => {
      const refused =
        error ??
        (addresses.every(({ address }) => isPublicAddress(address)) ? null : new AddressRefused());
      const [first] = addresses;
      if (refused || !first) return done(refused ?? new AddressRefused(), '', 0);
      if (options.all) return done(null, addresses);
      return done(null, first.address, first.family);
    };
    resolver(hostname, { ...options, all: true }, found);
  };
}
