import type { Address } from '../domain/address.js';

export const ADDRESS_COLUMNS =
  'id, name, line1, line2, city, region, postal_code, country, version, created_at, updated_at';

export interface AddressRow {
  id: string;
  name: string;
  line1: string;
  line2: string | null;
  city: string;
  region: string | null;
  postal_code: string;
  country: string;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** The address as the domain knows it. */
export function fromRow({ postal_code, created_at, updated_at, ...row }: AddressRow): Address {
  return { ...row, postalCode: postal_code, createdAt: created_at, updatedAt: updated_at };
}

/** What `ADDRESS_COLUMNS` are for an address. */
export function toRow(address: Address): unknown[] {
  return [
    address.id,
    address.name,
    address.line1,
    address.line2,
    address.city,
    address.region,
    address.postalCode,
    address.country,
    address.version,
    address.createdAt,
    address.updatedAt,
  ];
}
