import type { RebuiltPage } from '@flotilla/contracts/orders-read-model';
import { toEnvelope, EVENT_COLUMNS, type EventRow } from '@flotilla/event-store/stored-event';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { type Order, type RecordedOrderEvent, rehydrate } from '../domain/order.js';
import { projectOrders } from './order.projection.js';

/** Orders in one transaction: few enough for each to take milliseconds. */
const PAGE = 200;

// Whoever is changing one of these orders is waited for, and whoever wants to waits; its event is read then. One after the
// other by their ids, as the projection writes them, so that no two wait for each other.
const DELETE = `
  WITH locked AS (
    SELECT id FROM orders WHERE id > $1 AND ($2::uuid IS NULL OR id <= $2) ORDER BY id FOR UPDATE)
  DELETE FROM orders USING locked WHERE orders.id = locked.id`;

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Makes the read model anew from the streams, beside a service that goes on writing. */
@Injectable()
export class ReadModelRebuild {
  constructor(private readonly database: Database) {}

  /**
   * Replaces the rows of the next orders, in the order of their uuids, with the fold of their events; rows without a stream go.
   * @param after where the page before ended
   */
  async page(after: string = BEFORE_ALL): Promise<RebuiltPage> {
    const next = await this.endOfPage(after);
    const orders = await this.database.transaction(async (tx) => {
      await tx.rows(DELETE, [after, next]);
      const folded = await foldStreams(tx, after, next);
      await projectOrders(tx, folded);
      return folded.length;
    });
    return { orders, next };
  }

  /** How many streams there are: orders, and ids that were voided. */
  async count(): Promise<number> {
    const [row] = await this.database.rows<{ count: number }>(
      'SELECT count(*)::int AS count FROM events WHERE version = 1',
    );
    return row!.count;
  }

  /** The last uuid of the page after a uuid; null when it is the last page. */
  private async endOfPage(after: string): Promise<string | null> {
    const [row] = await this.database.rows<{ id: string }>(
      `SELECT stream_id AS id FROM events WHERE version = 1 AND stream_id > $1
       ORDER BY stream_id OFFSET ${PAGE - 1} LIMIT 1`,
      [after],
    );
    return row?.id ?? null;
  }
}

/** Those without rows: whoever placed an order since, or made its rows anew, wrote what they are to be, and may be changing them. */
async function foldStreams(tx: Transaction, after: string, upTo: string | null): Promise<Order[]> {
  const rows = await tx.rows<EventRow>(
    `SELECT ${EVENT_COLUMNS} FROM events
     WHERE stream_id > $1 AND ($2::uuid IS NULL OR stream_id <= $2)
       AND NOT EXISTS (SELECT FROM orders WHERE orders.id = stream_id)
     ORDER BY stream_id, version`,
    [after, upTo],
  );
  const streams = Map.groupBy(rows, (row) => row.stream_id);
  return [...streams.values()].map((events) =>
    rehydrate(events.map(toEnvelope) as RecordedOrderEvent[]),
  );
}
