import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { MODES, type Mode } from './actor.js';
import type { ErrorCode } from './errors.js';
import { MAX_STOCK, SKU_PATTERN } from './inventory.js';
import { Money } from './money.js';
import { IsNotBlank } from './not-blank.js';
import { operation } from './operation.js';

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

export const ImportProducts = operation<ImportResult>()(
  'inventory.import-products.v1',
  ImportProductsRequest,
  { idempotent: true },
);
