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
  MinLength,
  ValidateNested,
} from 'class-validator';
import { MODES, type Mode } from './actor.js';
import type { ErrorCode } from './errors.js';
import type { EventActor } from './events.js';
import type { Id } from './ids.js';
import { Money } from './money.js';
import { operation } from './operation.js';
import { type Page, PageQuery } from './pages.js';

/** Letters keep their case; two SKUs that differ only in case are the same product. */
export const SKU_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** The largest stock a product may have: fits PostgreSQL's `integer` with room for sums. */
export const MAX_STOCK = 1_000_000_000;

export interface ProductView {
  sku: string;
  name: string;
  description: string | null;
  price: Money;
  attributes: Record<string, unknown>;
  status: 'active' | 'archived';
  /** Units that may be sold now. */
  available: number;
  createdAt: string;
  updatedAt: string;
  version: number;
}

/** `available = onHand − reserved`, always. Units. */
export interface StockView {
  sku: string;
  onHand: number;
  reserved: number;
  available: number;
  version: number;
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

export class ListProductsRequest extends PageQuery {
  @IsIn(MODES)
  mode: Mode;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  search?: string;
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
  @MinLength(1)
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
  @Max(1_000_000)
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
  @ArrayMaxSize(100)
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

export const GetProduct = operation<ProductView>()('inventory.get-product.v1', SkuRequest, {
  idempotent: true,
  errors: ['not-found'],
});
export const ListProducts = operation<Page<ProductView>>()(
  'inventory.list-products.v1',
  ListProductsRequest,
  { idempotent: true },
);
export const GetStock = operation<StockView>()('inventory.get-stock.v1', SkuRequest, {
  idempotent: true,
  errors: ['not-found'],
});
export const ListMovements = operation<Page<MovementView>>()(
  'inventory.list-movements.v1',
  ListMovementsRequest,
  { idempotent: true, errors: ['not-found'] },
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
