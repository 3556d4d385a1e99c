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

/** A page that also says of each item where a list continues after it. */
export interface Listing<Item> extends Page<Item> {
  cursors: string[];
}

/** Such a page as clients of REST see it. */
export function pageOfListing<Item>({ data, nextCursor }: Listing<Item>): Page<Item> {
  return { data, nextCursor };
}
