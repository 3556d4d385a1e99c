import { createHash } from 'node:crypto';
import { type Actor, MODES, principalOf } from '@flotilla/contracts/actor';
import { canonicalJson } from '@flotilla/contracts/canonical-json';
import { AppError } from '@flotilla/contracts/errors';
import type { Answered } from '@flotilla/contracts/idempotency';
import type { Id } from '@flotilla/contracts/ids';
import { Database, type Sql, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';

const KEPT = "interval '24 hours'";
/** Of the answers that are old enough, removed with each new one: more than come, so that they do not pile up. */
const FORGOTTEN = 10;
/** The principal of those who are nobody in particular. */
const ANYBODY = 'anybody';

/** A request, as far as retries of it are recognised. */
export interface KeyedRequest {
  /** Who asks; null for whoever does on a public route, where keys are one another's neighbours. */
  actor: Pick<Actor, 'userId' | 'mode'> | null;
  /** The client's own name for it. */
  key: string;
  /** What is asked for: the subject of the operation. */
  operation: string;
  /** All that it depends on, as JSON. */
  body: unknown;
}

/**
 * Carries out requests once per principal and key: the effect and the answer to its retries are one commit, kept for 24
 * hours. Needs the table of `CreateIdempotencyRecords1767229200000`.
 */
@Injectable()
export class IdempotentRequests {
  constructor(private readonly database: Database) {}

  /**
   * The answer of `work`, or the one it gave when the request came first. A refusal is not remembered: it wrote nothing.
   * @throws AppError `idempotency-key-in-flight`, `idempotency-key-reuse` for another request under the key; what
   *   `work` throws
   */
  once<Answer extends object>(
    request: KeyedRequest,
    work: (tx: Transaction) => Promise<Answer>,
  ): Promise<Answered<Answer>> {
    const { actor, key, operation, body } = request;
    const principal = actor === null ? ANYBODY : principalOf(actor);
    const hash = createHash('sha256').update(canonicalJson({ operation, body })).digest();
    return this.database.transaction(async (tx) => {
      await claim(tx, principal, key);
      const earlier = await recall<Answer>(tx, principal, key);
      if (!earlier) {
        const answer = await work(tx);
        await remember(tx, [principal, key, hash, JSON.stringify(answer)]);
        return { answer, replayed: false };
      }
      if (earlier.request_hash.equals(hash)) return { answer: earlier.answer, replayed: true };
      throw new AppError(
        'idempotency-key-reuse',
        'The Idempotency-Key was already used for another request.',
      );
    });
  }
}

/** Forgets what a user was answered: answers may say who it was, and nobody is left to ask again. */
export async function forgetAnswers(tx: Sql, userId: Id<'usr'>): Promise<void> {
  await tx.rows(
    `DELETE FROM idempotency_records
     WHERE principal = ANY($1) OR (principal = $2 AND answer->>'id' = $3)`,
    [MODES.map((mode) => principalOf({ userId, mode })), ANYBODY, userId],
  );
}

/** Until the transaction ends nobody else carries out a request under this key, in whatever process. */
async function claim(tx: Transaction, principal: string, key: string): Promise<void> {
  const [row] = await tx.rows<{ claimed: boolean }>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS claimed',
    [JSON.stringify([principal, key])],
  );
  if (row!.claimed) return;
  throw new AppError('idempotency-key-in-flight', 'The first request is still running.');
}

/** A statement of its own, so that it sees what was committed before the key was free. */
async function recall<Answer>(
  tx: Transaction,
  principal: string,
  key: string,
): Promise<{ request_hash: Buffer; answer: Answer } | undefined> {
  const [row] = await tx.rows<{ request_hash: Buffer; answer: Answer }>(
    `SELECT request_hash, answer FROM idempotency_records
     WHERE principal = $1 AND key = $2 AND answered_at > now() - ${KEPT}`,
    [principal, key],
  );
  return row;
}

async function remember(tx: Transaction, record: readonly unknown[]): Promise<void> {
  await tx.rows(
    `WITH forgotten AS (
       DELETE FROM idempotency_records WHERE (principal, key) IN (
         SELECT principal, key FROM idempotency_records
         WHERE answered_at <= now() - ${KEPT} AND (principal, key) <> ($1, $2)
         ORDER BY answered_at LIMIT ${FORGOTTEN} FOR UPDATE SKIP LOCKED)
     )
     INSERT INTO idempotency_records (principal, key, request_hash, answer) VALUES ($1, $2, $3, $4)
     ON CONFLICT (principal, key) DO UPDATE
     SET request_hash = excluded.request_hash, answer = excluded.answer, answered_at = now()`,
    record,
  );
}
