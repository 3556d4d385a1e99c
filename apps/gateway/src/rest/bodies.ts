import { AppError } from '@flotilla/contracts/errors';
import { PageQuery } from '@flotilla/contracts/pages';
import type { PipeTransform } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { escapePointer } from '../http/json-body.js';

/** For what takes no fields: no body, or an empty object. Throws `validation-failed`. */
export class NoFields implements PipeTransform<object | undefined, void> {
  transform(body: object | undefined): void {
    const errors = Object.keys(body ?? {}).map((name) => ({
      pointer: `/${escapePointer(name)}`,
      code: 'unknown-field',
      detail: `property ${name} should not exist`,
    }));
    if (errors.length === 0) return;
    throw new AppError('validation-failed', 'The request is not valid.', { details: { errors } });
  }
}

/** The body of `POST /orders/{id}/cancel`. */
export class CancelOrderBody {
  @IsOptional()
  @IsString()
  @MaxLength(500)
  reason?: string;
}

/** `?search=` of the catalogue. */
export class ListProductsQuery extends PageQuery {
  @IsOptional()
  @IsString()
  @MaxLength(200)
  search?: string;
}
