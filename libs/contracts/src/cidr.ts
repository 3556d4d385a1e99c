import { BlockList, isIP } from 'node:net';
import { ValidateBy } from 'class-validator';

/** A network of IPv4 or IPv6 addresses: `203.0.113.0/24`, `2001:db8::/32` (RFC 4632, RFC 4291). */
export interface Network {
  address: string;
  prefix: number;
  family: 'ipv4' | 'ipv6';
}

/** The network that a text names; undefined for any other text. */
export function parseCidr(text: string): Network | undefined {
  const [, address = '', digits = ''] = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/.exec(text) ?? [];
  const version = isIP(address);
  const prefix = Number(digits);
  if (version === 0 || prefix > (version === 4 ? 32 : 128)) return undefined;
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** Whether all addresses of a network are in another one too. */
export function isWithin(inner: Network, outer: Network): boolean {
  if (inner.family !== outer.family || inner.prefix < outer.prefix) return false;
  const addresses = new BlockList();
  addresses.addSubnet(outer.address, outer.prefix, outer.family);
  return addresses.check(inner.address, inner.family);
}

/** A network in CIDR notation, or several with `each`. */
export function IsCidr(options?: { each: boolean }): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isCidr',
      validator: {
        validate: (value) => typeof value === 'string' && parseCidr(value) !== undefined,
        defaultMessage: () => '$property must be in CIDR notation, such as 203.0.113.0/24',
      },
    },
    options,
  );
}
