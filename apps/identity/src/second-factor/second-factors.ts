import { AppError } from '@flotilla/contracts/errors';
import { Clock } from '@flotilla/runtime/clock';
import { Database, type Sql } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import type { SealedColumn } from '../sealed-column.js';
import { Sealing } from '../sealing.js';
import { hashRecoveryCode, newRecoveryCode } from './recovery-code.js';
import { newTotpSecret, stepOf } from './totp.js';

const RECOVERY_CODES = 10;
/** How long a secret is shown that no app has confirmed. */
const SHOWN_FOR = "interval '10 minutes'";

export const SEALED_SECOND_FACTORS: SealedColumn = {
  table: 'second_factors',
  column: 'sealed_secret',
  key: ['account_id'],
  placeOf: ({ account_id }) => purpose(account_id as string),
};

interface FactorRow {
  sealed_secret: Buffer;
  confirmed_at: Date | null;
}

/** Which of the two ways a second factor was proved. */
export type ProvedBy = 'totp' | 'recovery-code';

/** Authenticator apps and recovery codes of accounts (uuids). Secrets are sealed, codes hashed, each good for one use. */
@Injectable()
export class SecondFactors {
  constructor(
    private readonly database: Database,
    private readonly sealing: Sealing,
    private readonly clock: Clock,
  ) {}

  /** Whether an account asks for a second factor, and how many recovery codes it has left. */
  async status(accountId: string): Promise<{ enrolled: boolean; codesLeft: number }> {
    const [row] = await this.database.rows<{ enrolled: boolean; codes_left: number }>(
      `SELECT EXISTS (SELECT 1 FROM second_factors WHERE account_id = $1 AND confirmed_at IS NOT NULL) AS enrolled,
         (SELECT count(*)::int FROM recovery_codes WHERE account_id = $1 AND used_at IS NULL) AS codes_left`,
      [accountId],
    );
    return { enrolled: row!.enrolled, codesLeft: row!.codes_left };
  }

  /**
   * The secret that an authenticator app is to learn: the same in however many tabs, and another one later, so that nobody who
   * was shown it once knows the one that is confirmed in the end.
   * @throws AppError `illegal-transition` when there is a confirmed one
   */
  async begin(accountId: string): Promise<Buffer> {
    const sealed = this.sealing.seal(purpose(accountId), newTotpSecret());
    await this.database.rows(
      `INSERT INTO second_factors AS known (account_id, sealed_secret, last_step, created_at) VALUES ($1, $2, 0, $3)
       ON CONFLICT (account_id) DO UPDATE
       SET sealed_secret = excluded.sealed_secret, created_at = excluded.created_at
       WHERE known.confirmed_at IS NULL AND known.created_at <= excluded.created_at - ${SHOWN_FOR}`,
      [accountId, sealed, this.clock.now()],
    );
    const factor = await this.find(this.database, accountId);
    if (!factor || factor.confirmed_at !== null) throw enrolledAlready();
    return this.open(accountId, factor);
  }

  /** Takes the app on when it shows the right code: the recovery codes, readable for the only time; null for a wrong code. */
  confirm(tx: Sql, accountId: string, code: string): Promise<string[] | null> {
    return this.withStep(tx, accountId, code, 'confirmed_at IS NULL', async () => {
      await tx.rows('UPDATE second_factors SET confirmed_at = $2 WHERE account_id = $1', [
        accountId,
        this.clock.now(),
      ]);
      return this.renewCodes(tx, accountId);
    });
  }

  /** What a code proves, if anything; it proves nothing a second time. */
  async prove(accountId: string, code: string): Promise<ProvedBy | null> {
    const isCurrent = 'confirmed_at IS NOT NULL';
    const proved = await this.withStep(this.database, accountId, code, isCurrent, () =>
      Promise.resolve('totp' as const),
    );
    return proved ?? this.useRecoveryCode(accountId, code);
  }

  /** Removes app and codes. */
  async remove(tx: Sql, accountId: string): Promise<void> {
    await tx.rows('DELETE FROM recovery_codes WHERE account_id = $1', [accountId]);
    await tx.rows('DELETE FROM second_factors WHERE account_id = $1', [accountId]);
  }

  /** New recovery codes in place of the old ones, readable for the only time. */
  async renewCodes(tx: Sql, accountId: string): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
    await tx.rows('DELETE FROM recovery_codes WHERE account_id = $1', [accountId]);
    await tx.rows(
      'INSERT INTO recovery_codes (account_id, code_hash) SELECT $1, unnest($2::bytea[])',
      [accountId, codes.map(hashRecoveryCode)],
    );
    return codes;
  }

  private async useRecoveryCode(accountId: string, code: string): Promise<'recovery-code' | null> {
    const hash = hashRecoveryCode(code);
    if (hash === null) return null;
    const used = await this.database.rows(
      `UPDATE recovery_codes SET used_at = $3 WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL RETURNING 1`,
      [accountId, hash, this.clock.now()],
    );
    return used.length === 1 ? 'recovery-code' : null;
  }

  /** Goes on when a code is right and its time step has not been used: of parallel uses one wins. */
  private async withStep<Result>(
    sql: Sql,
    accountId: string,
    code: string,
    condition: 'confirmed_at IS NULL' | 'confirmed_at IS NOT NULL',
    proceed: () => Promise<Result>,
  ): Promise<Result | null> {
    const factor = await this.find(sql, accountId);
    if (!factor) return null;
    const secret = this.open(accountId, factor);
    const step = stepOf(secret, code, this.clock.now());
    if (step === null) return null;
    // Sealed anew each time, so that the keys of before are needed only for who has not come since.
    const won = await sql.rows(
      `UPDATE second_factors SET last_step = $2, sealed_secret = $3
       WHERE account_id = $1 AND last_step < $2 AND ${condition} RETURNING 1`,
      [accountId, step, this.sealing.seal(purpose(accountId), secret)],
    );
    return won.length === 1 ? proceed() : null;
  }

  private open(accountId: string, factor: FactorRow): Buffer {
    const secret = this.sealing.open(purpose(accountId), factor.sealed_secret);
    if (!secret)
      throw new Error(
        'The secret of a second factor cannot be opened: its key is gone, or it was moved',
      );
    return secret;
  }

  private async find(sql: Sql, accountId: string): Promise<FactorRow | undefined> {
    const [row] = await sql.rows<FactorRow>(
      'SELECT sealed_secret, confirmed_at FROM second_factors WHERE account_id = $1',
      [accountId],
    );
    return row;
  }
}

/** A sealed secret opens for the account that it was sealed for, and no other. */
function purpose(accountId: string): string {
  return `totp:${accountId}`;
}

function enrolledAlready(): AppError<'illegal-transition'> {
  return new AppError('illegal-transition', 'There is an authenticator app already.');
}
