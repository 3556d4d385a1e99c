import type { EventActor } from '@flotilla/contracts/events';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { type GoodsDecision, type GoodsMoved, type KeptLine, matchGoods } from '../domain/goods.js';
import { ship, takeBack } from '../domain/movement.js';
import { Goods } from '../use-cases/ports.js';
import { recordMovements } from './ledger.js';
import { lockStock } from './stock-lock.js';

/** The goods of orders in PostgreSQL. */
@Injectable()
export class GoodsRepository extends Goods {
  constructor(private readonly database: Database) {
    super();
  }

  async move(
    orderId: string,
    goods: GoodsMoved,
    by: EventActor,
    tx?: Transaction,
  ): Promise<number> {
    if (!tx) return this.database.transaction((own) => this.move(orderId, goods, by, own));
    const lines = await readLines(tx, orderId);
    await lockStock(
      tx,
      lines.map(({ productId }) => productId),
    );
    // Again, behind the locks: what a line takes changes only there.
    const { units, missing } = matchGoods(goods, await readLines(tx, orderId));
    if (goods.kind === 'shipped') await noLongerTaken(tx, orderId, units);
    await recordMovements(
      tx,
      units.map((one) =>
        goods.kind === 'shipped'
          ? ship({ orderId, ...one }, by)
          : takeBack({ orderId, ...one }, goods.restock, by),
      ),
    );
    return missing;
  }
}

async function readLines(tx: Transaction, orderId: string): Promise<KeptLine[]> {
  return tx.rows<KeptLine>(
    `SELECT product_id AS "productId", sku, taking FROM reservation_lines
     WHERE order_id = $1 ORDER BY position`,
    [orderId],
  );
}

async function noLongerTaken(
  tx: Transaction,
  orderId: string,
  units: GoodsDecision['units'],
): Promise<void> {
  if (units.length === 0) return;
  await tx.rows(
    `UPDATE reservation_lines SET taking = taking - shipped.quantity
     FROM unnest($2::uuid[], $3::int[]) AS shipped(product_id, quantity)
     WHERE order_id = $1 AND reservation_lines.product_id = shipped.product_id`,
    [orderId, units.map(({ productId }) => productId), units.map(({ quantity }) => quantity)],
  );
}
