import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** What a list without `?limit=` answers with. */
export const DEFAULT_PAGE_LIMIT = 20;

/** `?limit=&cursor=` of every list. */
export class PageQuery {
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  cursor?: string;
}

/** One page of a list, newest first. `nextCursor` is null on the last one. */
export interface Page<Item> {
  data: Item[];
  nextCursor: string | null;
}
