import { createHash } from 'node:crypto';
import { AppError } from '@flotilla/contracts/errors';
import { Slots } from '@flotilla/messaging/slots';
import { Clock } from '@flotilla/runtime/clock';
import { Database, type Sql, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import {
  ATTEMPT_POLICIES,
  type AttemptCounter,
  type AttemptScope,
  counted,
  forgiven,
} from './attempt-policy.js';
import { networkOf } from './network-of.js';

/** Somebody is about to guess a secret: a password, a code of a second factor, a recovery code, a device code. */
export interface Attempt {
  /** The IP address that it comes from. */
  address: string;
  /** What is guessed at, whether it exists or not: an e-mail address as it is compared. Left out for device codes. */
  account?: string;
  /** The device that has signed in to the account before, if it is one. */
  deviceId?: string;
}

/** What an admitted attempt has been charged, until it turns out well. */
export type Charge = readonly { readonly key: string; readonly waitUntil: Date }[];

/** Attempts at one account wait for each other: they are not to wait with all connections of the process. */
const CONNECTIONS = 3;

interface CounterRow {
  key: string;
  level: number;
  wait_until: Date;
  updated_at: Date;
}

/**
 * The one gate in front of every guess. An attempt is charged as a failure before anything is verified, in one transaction,
 * so that any number of parallel guesses get no more verifications than guesses one after another. Counters are in
 * PostgreSQL: they survive Redis, restarts, and any number of replicas.
 */
@Injectable()
export class AttemptGate {
  private readonly slots = new Slots(CONNECTIONS);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Charges an attempt; `refund` it when it turns out well.
   * @throws AppError `rate-limited` with the wait, the same whatever would have been guessed
   */
  admit(attempt: Attempt): Promise<Charge> {
    return this.charge(keysOf(attempt));
  }

  /** Charges a mail to an address that somebody at `from` asks for. @throws AppError `rate-limited` */
  admitMail(to: string, from: string): Promise<Charge> {
    return this.charge([keyOf('mail', to), keyOf('address', networkOf(from))]);
  }

  /** Takes an attempt back that has turned out well. */
  async refund(charge: Charge): Promise<void> {
    const chargeOf = new Map(charge.map((one) => [one.key, one]));
    await this.transaction(async (tx) => {
      const counters = await lock(tx, [...chargeOf.keys()]);
      const now = this.clock.now();
      await write(
        tx,
        counters.map(([key, counter]) => [key, forgiven(counter, chargeOf.get(key)!, now)]),
      );
    });
  }

  /** Forgets every counter that has nothing left to remember; returns how many. */
  async sweep(): Promise<number> {
    const longestMs = Math.max(
      ...Object.values(ATTEMPT_POLICIES).map(({ forgetMs, burst }) => forgetMs * burst * 2),
    );
    const before = new Date(this.clock.now().getTime() - longestMs);
    const gone = await this.database.rows(
      'DELETE FROM attempt_counters WHERE updated_at < $1 AND wait_until < $1 RETURNING 1',
      [before],
    );
    return gone.length;
  }

  private charge(keys: readonly string[]): Promise<Charge> {
    return this.transaction(async (tx) => {
      await tx.rows(
        `INSERT INTO attempt_counters (key, level, wait_until, updated_at)
         SELECT key, 0, $2, $2 FROM unnest($1::text[]) AS key ON CONFLICT DO NOTHING`,
        [keys, this.clock.now()],
      );
      const counters = await lock(tx, keys);
      const now = this.clock.now(); // after the lock: who waited for it comes later
      const waitUntil = Math.max(...counters.map(([, counter]) => counter.waitUntil.getTime()));
      if (waitUntil > now.getTime()) throw tooMany(waitUntil - now.getTime());
      const charged = counters.map(
        ([key, counter]) => [key, counted(counter, policyOf(key), now)] as const,
      );
      await write(tx, charged);
      return charged.map(([key, counter]) => ({ key, waitUntil: counter.waitUntil }));
    });
  }

  private transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.slots.use(() => this.database.transaction(work));
  }
}

/** In an order that all transactions lock in. */
function keysOf({ account, address, deviceId }: Attempt): string[] {
  if (deviceId !== undefined) return [keyOf('device', deviceId)];
  return [
    ...(account === undefined ? [] : [keyOf('account', account)]),
    keyOf('address', networkOf(address)),
    keyOf('everybody', ''),
  ];
}

/** Hashed: the counters need not know who it is. */
function keyOf(scope: AttemptScope, value: string): string {
  return `${scope}:${createHash('sha256').update(value).digest('base64url')}`;
}

function policyOf(key: string) {
  return ATTEMPT_POLICIES[key.slice(0, key.indexOf(':')) as AttemptScope];
}

async function lock(sql: Sql, keys: readonly string[]): Promise<[string, AttemptCounter][]> {
  const rows = await sql.rows<CounterRow>(
    `SELECT key, level, wait_until, updated_at FROM attempt_counters
     WHERE key = ANY($1) ORDER BY array_position($1, key) FOR UPDATE`,
    [keys],
  );
  return rows.map(({ key, level, wait_until, updated_at }) => [
    key,
    { level, waitUntil: wait_until, updatedAt: updated_at },
  ]);
}

async function write(
  tx: Transaction,
  counters: readonly (readonly [string, AttemptCounter])[],
): Promise<void> {
  await tx.rows(
    `UPDATE attempt_counters AS c
     SET level = given.level, wait_until = given.wait_until, updated_at = given.updated_at
     FROM unnest($1::text[], $2::double precision[], $3::timestamptz[], $4::timestamptz[])
       AS given(key, level, wait_until, updated_at)
     WHERE c.key = given.key`,
    [
      counters.map(([key]) => key),
      counters.map(([, { level }]) => level),
      counters.map(([, { waitUntil }]) => waitUntil),
      counters.map(([, { updatedAt }]) => updatedAt),
    ],
  );
}

function tooMany(waitMs: number): AppError<'rate-limited'> {
  return new AppError('rate-limited', 'There were too many attempts. Please wait.', {
    details: { retryAfterSeconds: Math.ceil(waitMs / 1000) },
  });
}
