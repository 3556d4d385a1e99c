import { Verbatim } from '@flotilla/contracts/verbatim';
import { IsObject, IsOptional, IsString, MaxLength } from 'class-validator';
import { MAX_CHARACTERS } from './operation-limits.js';

/** The body of `POST /graphql` (GraphQL over HTTP §5). */
export class GraphqlBody {
  @IsString()
  @MaxLength(MAX_CHARACTERS)
  query: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  operationName?: string | null;

  @IsOptional()
  @IsObject()
  @Verbatim()
  variables?: Record<string, unknown> | null;

  /** For protocols that we know none of. */
  @IsOptional()
  @IsObject()
  @Verbatim()
  extensions?: Record<string, unknown> | null;
}
