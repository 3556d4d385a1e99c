import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  NotEquals,
  ValidateNested,
} from 'class-validator';
import { MODES, type Mode } from './actor.js';
import type { EventActor } from './events.js';
import { type Answered, IdempotentRequest } from './idempotency.js';
import type { Id } from './ids.js';
import { IsNotBlank } from './not-blank.js';
import { operation } from './operation.js';
import { Optional } from './optional.js';
import { type Page, PageQuery } from './pages.js';

/** Letters keep their case; two SKUs that differ only in case are the same product. */
export const SKU_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** The largest stock a product may have: fits PostgreSQL's `integer` with room for sums. */
export const MAX_STOCK = 1_000_000_000;
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
/** Events of a product's stock, by type; the subject is its SKU. Units. */
export interface StockEvents {
  'stock.adjusted': { sku: string; onHand: number; delta: number; reason: string };
  /** The units that may be sold have fallen to the threshold; once, until they have risen above it. */
  'stock.low': { sku: string; available: number; threshold: number };
}

/** All events of inventory, by type. */
export interface InventoryEvents extends StockEvents {
  /** Products were added, described anew or archived; each such change is a stream of its own. Between services only. */
  'catalogue.changed': Record<string, never>;
}
