import { Database, type Sql, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import type { Address } from '../domain/address.js';
import { Addresses, type VersionedRef } from '../use-cases/ports.js';
import { ADDRESS_COLUMNS, type AddressRow, fromRow, toRow } from './address-row.js';
import { atVersion } from './at-version.js';

/** Addresses in PostgreSQL. */
@Injectable()
export class AddressesRepository extends Addresses {
  constructor(private readonly database: Database) {
    super();
  }

  async add(tx: Transaction, ownerId: string, address: Address): Promise<void> {
    await tx.rows(
      `INSERT INTO addresses (${ADDRESS_COLUMNS}, user_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [...toRow(address), ownerId],
    );
  }

  change(
    ownerId: string,
    ref: VersionedRef,
    decide: (before: Address) => Address,
  ): Promise<Address> {
    return this.database.transaction(async (tx) => {
      const before = await lock(tx, ownerId, ref);
      const after = decide(before);
      if (after.version !== before.version) await write(tx, after);
      return after;
    });
  }

  remove(ownerId: string, ref: VersionedRef): Promise<void> {
    return this.database.transaction(async (tx) => {
      const { id } = await lock(tx, ownerId, ref);
      await tx.rows('DELETE FROM addresses WHERE id = $1', [id]);
    });
  }
}

/** The address, which nobody else changes until the transaction ends. */
async function lock(tx: Sql, ownerId: string, { id, version }: VersionedRef): Promise<Address> {
  const [row] = await tx.rows<AddressRow>(
    `SELECT ${ADDRESS_COLUMNS} FROM addresses WHERE id = $1 AND user_id = $2 FOR UPDATE`,
    [id, ownerId],
  );
  return fromRow(atVersion('adr', row, version));
}

async function write(tx: Sql, address: Address): Promise<void> {
  await tx.rows(
    `UPDATE addresses
     SET name = $2, line1 = $3, line2 = $4, city = $5, region = $6, postal_code = $7, country = $8,
       version = $9, created_at = $10, updated_at = $11
     WHERE id = $1`,
    toRow(address),
  );
}
