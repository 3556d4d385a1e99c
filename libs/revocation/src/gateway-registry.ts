import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';

/** A gateway that asks is noted this often at most. */
const NOTED = "interval '1 second'";
/**
 * One that was not noted for so long holds no lease: it would have been, when it asked. The seconds between are for a clock
 * of the database that is set forward.
 */
const GONE = "interval '5 seconds'";
const FORGOTTEN = "interval '1 day'";

/**
 * The gateways that may hold a lease, in the database, where every replica sees them: a lease is given only to a gateway whose
 * row was committed before the newest sequence is read for it, so a later revocation knows of every gateway that it has to
 * wait for.
 */
@Injectable()
export class GatewayRegistry {
  constructor(private readonly database: Database) {}

  /** The newest sequence, read for a gateway that is registered. */
  async newestFor(gatewayId: string): Promise<number> {
    for (;;) {
      const [row] = await this.database.rows<{ newest: number; noted: boolean }>(
        `SELECT newest::float8 AS newest, EXISTS (
           SELECT 1 FROM revocation_gateways WHERE id = $1 AND seen_at > now() - ${NOTED}) AS noted
         FROM revocation_sequence`,
        [gatewayId],
      );
      if (row!.noted) return row!.newest;
      await this.note(gatewayId);
    }
  }

  /** The gateways that may hold a lease now. */
  async live(): Promise<string[]> {
    const rows = await this.database.rows<{ id: string }>(
      `SELECT id FROM revocation_gateways WHERE seen_at > now() - ${GONE}`,
    );
    return rows.map(({ id }) => id);
  }

  private async note(gatewayId: string): Promise<void> {
    await this.database.rows(
      `WITH forgotten AS (DELETE FROM revocation_gateways WHERE seen_at < now() - ${FORGOTTEN} AND id <> $1)
       INSERT INTO revocation_gateways (id, seen_at) VALUES ($1, now())
       ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`,
      [gatewayId],
    );
  }
}
