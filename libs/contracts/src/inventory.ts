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
  MaxLength,
  Min,
  NotEquals,
  ValidateNested,
} from 'class-validator';
import { MODES, type Mode } from './actor.js';
import type { ErrorCode } from './errors.js';
import type { EventActor } from './events.js';
import { type Answered, IdempotentRequest } from './idempotency.js';
import type { Id } from './ids.js';
import { Money } from './money.js';
import { IsNotBlank } from './not-blank.js';
import { operation } from './operation.js';
import { Optional } from './optional.js';
import { type Page, PageQuery } from './pages.js';

/** Letters keep their case; two SKUs that differ only in case are the same product. */
export const SKU_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** The largest stock a product may have: fits PostgreSQL's `integer` with room for sums. */
export const MAX_STOCK = 1_000_000_000;
/** The most products that one order may name. */
export const MAX_ORDER_LINES = 100;
/** The most units of one product that one order may take. */
export const MAX_LINE_QUANTITY = 10_000;

/** `available = onHand − reserved`, always. Units. */
export interface StockView {
  sku: string;
  onHand: number;
  reserved: number;
  available: number;
  version: number;
}

/** What is reserved, order by order; the quantities sum to `reserved`. Units. */
export interface StockExplanation extends Omit<StockView, 'version'> {
  taking: {
    orderId: Id<'ord'>;
    quantity: number;
    state: 'held' | 'committed';
    /** When the hold ends by itself; null when it does not. */
    expiresAt: string | null;
  }[];
}

export const MOVEMENT_TYPES = [
  'receipt',
  'adjustment',
  'reserve',
  'release',
  'commit',
  'ship',
  'return',
] as const;
export type MovementType = (typeof MOVEMENT_TYPES)[number];

/** One entry of the append-only ledger; per product the deltas sum to the level. */
export interface MovementView {
  id: Id<'mov'>;
  type: MovementType;
  onHandDelta: number;
  reservedDelta: number;
  orderId?: Id<'ord'>;
  reason?: string;
  actor: EventActor;
  occurredAt: string;
}

/** The product with a SKU, seen from one mode. */
export class SkuRequest {
  @Matches(SKU_PATTERN)
  sku: string;

  @IsIn(MODES)
  mode: Mode;
}

/** A product in the mode of the caller, which must be at this version, if one is named. */
export class VersionedSkuRequest {
  @Matches(SKU_PATTERN)
  sku: string;

  @Optional()
  @IsInt()
  @Min(0)
  version?: number;
}

/** The body of `POST /inventory/{sku}/adjustments`: so many units more, or less. */
export class AdjustStockBody {
  @IsInt()
  @Min(-MAX_STOCK)
  @Max(MAX_STOCK)
  @NotEquals(0)
  delta: number;

  @IsString()
  @IsNotBlank()
  @MaxLength(500)
  reason: string;
}

/** The body of `PUT /inventory/{sku}`: what was counted on the shelves. */
export class RecountStockBody {
  @IsInt()
  @Min(0)
  @Max(MAX_STOCK)
  onHand: number;

  @IsString()
  @IsNotBlank()
  @MaxLength(500)
  reason: string;
}

/** Adjusts the stock of a product in the mode of the caller. */
export class AdjustStockRequest extends IdempotentRequest {
  @Matches(SKU_PATTERN)
  sku: string;

  @IsObject()
  @ValidateNested()
  @Type(() => AdjustStockBody)
  adjustment: AdjustStockBody;
}

export class RecountStockRequest extends VersionedSkuRequest {
  @IsObject()
  @ValidateNested()
  @Type(() => RecountStockBody)
  count: RecountStockBody;
}

export class ListMovementsRequest extends PageQuery {
  @Matches(SKU_PATTERN)
  sku: string;

  @IsIn(MODES)
  mode: Mode;
}

/** One line of an import file, already in our types; `line` is where it stood (the header is line 1). */
export class ImportRow {
  @IsInt()
  @Min(1)
  line: number;

  @Matches(SKU_PATTERN)
  sku: string;

  @IsString()
  @IsNotBlank()
  @MaxLength(500)
  name: string;

  @IsObject()
  @ValidateNested()
  @Type(() => Money)
  price: Money;

  @IsInt()
  @Min(0)
  @Max(MAX_STOCK)
  onHand: number;
}

/** Rows that go in one transaction, at most 500; a row that cannot be applied rejects that row only. */
export class ImportProductsRequest {
  @IsIn(MODES)
  mode: Mode;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ImportRow)
  rows: ImportRow[];
}

/** A line of an import file that was not taken, and why. */
export interface RejectedRow {
  line: number;
  code: ErrorCode;
  detail: string;
}

export interface ImportResult {
  accepted: number;
  rejected: number;
  errors: RejectedRow[];
}

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

export const GetStock = operation<StockView>()('inventory.get-stock.v1', SkuRequest, {
  idempotent: true,
  errors: ['not-found'],
});
export const ExplainStock = operation<StockExplanation>()(
  'inventory.explain-stock.v1',
  SkuRequest,
  { idempotent: true, errors: ['not-found'] },
);
export const ListMovements = operation<Page<MovementView>>()(
  'inventory.list-movements.v1',
  ListMovementsRequest,
  { idempotent: true, errors: ['not-found'] },
);
export const AdjustStock = operation<Answered<StockView>>()(
  'inventory.adjust-stock.v1',
  AdjustStockRequest,
  {
    idempotent: true,
    errors: [
      'not-found',
      'insufficient-stock',
      'validation-failed',
      'idempotency-key-reuse',
      'idempotency-key-in-flight',
    ],
  },
);
export const RecountStock = operation<StockView>()(
  'inventory.recount-stock.v1',
  RecountStockRequest,
  { idempotent: true, errors: ['not-found', 'insufficient-stock', 'precondition-failed'] },
);
export const ImportProducts = operation<ImportResult>()(
  'inventory.import-products.v1',
  ImportProductsRequest,
  { idempotent: true },
);
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

/** Events of a product's stock, by type; the subject is its SKU. Units. */
export interface InventoryEvents {
  'stock.adjusted': { sku: string; onHand: number; delta: number; reason: string };
  /** The units that may be sold have fallen to the threshold; once, until they have risen above it. */
  'stock.low': { sku: string; available: number; threshold: number };
}
