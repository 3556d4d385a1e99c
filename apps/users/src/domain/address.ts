import type { AddressView, ChangeAddressBody } from '@flotilla/contracts/addresses';
import { toId } from '@flotilla/contracts/ids';
import type { PostalAddress } from '@flotilla/contracts/orders';

/** Where somebody gets mail by post. */
export interface AddressLines {
  readonly name: string;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postalCode: string;
  readonly country: string;
}

/** An address that a user keeps. */
export interface Address extends AddressLines {
  /** The uuid inside the public id. */
  readonly id: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export function newAddress(id: string, body: PostalAddress, at: Date): Address {
  const { name, line1, line2 = null, city, region = null, postalCode, country } = body;
  const lines = { name, line1, line2, city, region, postalCode, country };
  return { id, ...lines, version: 1, createdAt: at, updatedAt: at };
}

/** The address as the changes say; the same version when nothing of it is new. */
export function changeAddress(before: Address, changes: ChangeAddressBody, at: Date): Address {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const isNew = given.some(([name, value]) => before[name as keyof AddressLines] !== value);
  if (!isNew) return before;
  return { ...before, ...Object.fromEntries(given), version: before.version + 1, updatedAt: at };
}

/** The address as its owner sees it. */
export function toView(address: Address): AddressView {
  const { id, name, line1, line2, city, region, postalCode, country, version } = address;
  return {
    id: toId('adr', id),
    name,
    line1,
    line2,
    city,
    region,
    postalCode,
    country,
    createdAt: address.createdAt.toISOString(),
    updatedAt: address.updatedAt.toISOString(),
    version,
  };
}
