import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { MODES, type Mode } from './actor.js';
import type { Id } from './ids.js';
import { SKU_PATTERN } from './inventory.js';
import type { Money } from './money.js';
import { operation } from './operation.js';

/** The most products that one order may name. */
export const MAX_ORDER_LINES = 100;
/** The most units of one product that one order may take. */
export const MAX_LINE_QUANTITY = 10_000;

/** A demand for one product; a request names each SKU once. */
export class HoldLine {
  @Matches(SKU_PATTERN)
  sku: string;

  @IsInt()
  @Min(1)
  @Max(MAX_LINE_QUANTITY)
  quantity: number;
}

/** Takes stock for an order that is about to be decided: all lines or none. */
export class HoldStockRequest {
  @IsString()
  orderId: Id<'ord'>;

  @IsIn(MODES)
  mode: Mode;

  /** SHA-256 of the request, hex: tells a retry from another order under the same key. */
  @Matches(/^[0-9a-f]{64}$/)
  requestHash: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_ORDER_LINES)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => HoldLine)
  lines: HoldLine[];

  /** When the hold ends by itself, for orders that are to be confirmed later. */
  @IsOptional()
  @IsISO8601()
  expiresAt?: string;
}

/** What is held: names and prices as they were at that moment, frozen into the order. */
export interface HeldLine {
  sku: string;
  name: string;
  quantity: number;
  unitPrice: Money;
}

/** The stock now held under the order's id; the same answer however often it is asked. */
export interface StockHold {
  orderId: Id<'ord'>;
  lines: HeldLine[];
  expiresAt: string | null;
}

/** The hold whose order is about to be confirmed. */
export class CommitHoldRequest {
  @IsString()
  orderId: Id<'ord'>;
}

/** The hold no longer ends by itself: only `order.cancelled`, `order.expired` or `order.voided` gives its units back. */
export interface CommittedHold {
  orderId: Id<'ord'>;
  state: 'committed';
}

export const HoldStock = operation<StockHold>()('inventory.hold-stock.v1', HoldStockRequest, {
  idempotent: true,
  errors: ['insufficient-stock', 'unknown-sku', 'idempotency-key-reuse', 'order-voided'],
});
/**
 * Asked by orders before it confirms a pending order: whoever owns the stock decides whether the hold still stands.
 * `hold-expired` when it ended, was released, or never was; repeating it on a committed hold changes nothing.
 */
export const CommitHold = operation<CommittedHold>()(
  'inventory.commit-hold.v1',
  CommitHoldRequest,
  { idempotent: true, errors: ['hold-expired'] },
);
