import { PERMISSIONS, type Permission } from '@flotilla/contracts/actor';
import { PageQuery } from '@flotilla/contracts/pages';
import type { PipeTransform } from '@nestjs/common';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { refuseUnknownFields } from '../http/unknown-fields.js';

/** For what takes no fields: no body, or an empty object. Throws `validation-failed`. */
export class NoFields implements PipeTransform<object | undefined, void> {
  transform(body: object | undefined): void {
    refuseUnknownFields(Object.keys(body ?? {}));
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

/** The body of `POST /api-keys/verify`. */
export class VerifyApiKeyBody {
  @IsString()
  @MaxLength(200)
  key: string;

  @IsOptional()
  @IsIn(PERMISSIONS)
  permission?: Permission;
}
