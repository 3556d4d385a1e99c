import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Clock } from '@flotilla/runtime/clock';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';

/** As many as a person may have; the one that was used least lately makes room. */
const MOST_DEVICES = 20;

/** The browsers that have signed in to an account before. What each keeps to be known again is stored as its hash. */
@Injectable()
export class KnownDevices {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The id of the device that holds a token, if it has signed in to the account with this address. */
  async find(token: string | undefined, email: string): Promise<string | undefined> {
    if (token === undefined) return undefined;
    const [row] = await this.database.rows<{ id: string }>(
      `SELECT device.id FROM known_devices AS device JOIN accounts ON accounts.id = device.account_id
       WHERE device.token_hash = $1 AND accounts.email = $2`,
      [hashOf(token), email],
    );
    return row?.id;
  }

  /** Takes a device on that has just signed in to an account (uuid); the token that it is to keep. */
  async remember(accountId: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.database.transaction(async (tx) => {
      await tx.rows(
        'INSERT INTO known_devices (id, token_hash, account_id, last_used_at) VALUES ($1, $2, $3, $4)',
        [randomUUID(), hashOf(token), accountId, this.clock.now()],
      );
      await tx.rows(
        `DELETE FROM known_devices WHERE id IN (
           SELECT id FROM known_devices WHERE account_id = $1 ORDER BY last_used_at DESC OFFSET $2)`,
        [accountId, MOST_DEVICES],
      );
    });
    return token;
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
