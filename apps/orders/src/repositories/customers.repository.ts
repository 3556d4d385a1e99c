import { EventStreams } from '@flotilla/event-store/event-streams';
import type { Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { Customers } from '../use-cases/ports.js';

/** Orders changed by one statement, so that each stays well below the statement timeout. */
const STEP = 500;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** What orders keep about who placed them, in PostgreSQL: streams and read model alike. */
@Injectable()
export class CustomersRepository extends Customers {
  async erase(tx: Transaction, userId: string): Promise<void> {
    const streams = new EventStreams(tx);
    for (let after: string | undefined = BEFORE_ALL; after !== undefined;) {
      const orders: { id: string }[] = await tx.rows<{ id: string }>(
        `UPDATE orders SET shipping_address = NULL, metadata = '{}'
         WHERE id IN (
           SELECT id FROM orders WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT ${STEP} FOR UPDATE)
         RETURNING id`,
        [userId, after],
      );
      const ids = orders.map(({ id }) => id).toSorted();
      await streams.redact(ids, 'order.placed');
      await streams.redact(ids, 'order.cancelled');
      after = ids.at(-1);
    }
  }
}
