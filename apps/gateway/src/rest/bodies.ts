import { PageQuery } from '@flotilla/contracts/pages';
import { IsOptional, IsString, MaxLength } from 'class-validator';

/** For what takes no fields: none, or an empty object. */
export class EmptyBody {}

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
