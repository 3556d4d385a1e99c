import { QueryCache } from '@flotilla/cache/query-cache';
import type { SkuRequest } from '@flotilla/contracts/inventory';
import type {
  FindProductsRequest,
  ListProductsRequest,
  ProductView,
} from '@flotilla/contracts/products';
import { DEFAULT_PAGE_LIMIT, type Listing } from '@flotilla/contracts/pages';
import { type CursorPart, Cursors, instant, uuid } from '@flotilla/runtime/cursor';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { CATALOGUE_CHANGED } from './announce-catalogue-change.js';
import { PRODUCT, type ProductRow, readProduct, toProductView } from './product-rows.js';

/** How much of a word has to be as in a name: one letter of five may be wrong. */
const SIMILARITY = 0.4;

const FIND = `
  SELECT ${PRODUCT} FROM products JOIN stock ON product_id = products.id
  WHERE mode = $1 AND lower(sku) = ANY (SELECT lower(wanted) FROM unnest($2::text[]) AS wanted)`;

const ACTIVE = `
  WHERE mode = $1 AND status = 'active'
    AND ($2::timestamptz IS NULL OR (created_at, products.id) < ($2, $3::uuid))`;
const NEWEST = ' ORDER BY created_at DESC, products.id DESC LIMIT $4';

const LIST = `
  SELECT ${PRODUCT} FROM products JOIN stock ON product_id = products.id ${ACTIVE}${NEWEST}`;
const FOUND = `
  SELECT ${PRODUCT} FROM unnest($1::uuid[]) WITH ORDINALITY AS found(id, nth)
  JOIN products ON products.id = found.id JOIN stock ON product_id = products.id ORDER BY nth`;

const SEARCH = `SELECT id FROM products ${ACTIVE}`;
/** All words, in any order, or a part of the SKU or name. */
const MATCHING = `${SEARCH}
  AND (search @@ websearch_to_tsquery('simple', $5) OR sku ILIKE $6 OR name ILIKE $6)${NEWEST}`;
/** Names with something in them that is written much like this. */
const SIMILAR = `${SEARCH} AND $5 <% name${NEWEST}`;

/** How a search goes on is settled by its first page, whatever products come meanwhile. */
const MANNERS = ['matching', 'similar'] as const;
type Manner = (typeof MANNERS)[number];
const manner: CursorPart = (text) => MANNERS.includes(text as Manner);

const ALL = new Cursors('products', instant, uuid);
const FOUND_ONES = new Cursors('found-products', manner, instant, uuid);

interface Found {
  id: string;
}

/**
 * What the catalogue looks like. Of a search it is kept which products it finds, and nothing of what they are: names, prices and
 * stock are read each time.
 */
@Injectable()
export class ProductQueries {
  constructor(
    private readonly database: Database,
    private readonly cache: QueryCache,
  ) {
    // Ahead of the answer to whoever changed it.
    database.onCommit(CATALOGUE_CHANGED, () => void cache.tableChanged('products'));
  }

  /** @throws AppError `not-found` */
  product(request: SkuRequest): Promise<ProductView> {
    return readProduct(this.database, request);
  }

  /** Those among these that there are, in no particular order. */
  async findMany({ mode, skus }: FindProductsRequest): Promise<ProductView[]> {
    const rows = await this.database.rows<ProductRow>(FIND, [mode, skus]);
    return rows.map(toProductView);
  }

  /**
   * Active products, newest first; of a search those that match or, if there are none, those with similar names.
   * @throws AppError `validation-failed` for a bad cursor
   */
  async products({
    mode,
    search,
    cursor,
    limit = DEFAULT_PAGE_LIMIT,
  }: ListProductsRequest): Promise<Listing<ProductView>> {
    if (search === undefined) {
      const after = ALL.decode(cursor);
      const rows = await this.database.rows<ProductRow>(LIST, [mode, ...after, limit + 1]);
      return ALL.listing(rows, limit, toProductView, placeOf);
    }
    const [how, ...after] = FOUND_ONES.decode(cursor);
    const page = [mode, ...after, limit + 1, search];
    if (how !== 'similar') {
      const values = [...page, containing(search)];
      const found = await this.search(MATCHING, values, () => this.database.rows(MATCHING, values));
      if (found.length > 0 || how === 'matching') return this.found(found, limit, 'matching');
    }
    const found = await this.search(SIMILAR, page, () => this.similar(page));
    return this.found(found, limit, 'similar');
  }

  private search(
    statement: string,
    values: readonly unknown[],
    run: () => Promise<Found[]>,
  ): Promise<Found[]> {
    const name = 'product-search';
    return this.cache.rows({ name, statement, values, tables: ['products'] }, run);
  }

  /** As they are now; who is not active any more is left out. */
  private async found(
    found: readonly Found[],
    limit: number,
    how: Manner,
  ): Promise<Listing<ProductView>> {
    if (found.length === 0) return { data: [], cursors: [], nextCursor: null };
    const rows = await this.database.rows<ProductRow>(FOUND, [found.map(({ id }) => id)]);
    const place = (row: ProductRow): string[] => [how, ...placeOf(row)];
    const { data, cursors, nextCursor } = FOUND_ONES.listing(rows, limit, toProductView, place);
    const isActive = (_: unknown, n: number) => data[n]!.status === 'active';
    return { data: data.filter(isActive), cursors: cursors.filter(isActive), nextCursor };
  }

  /** The index compares with a setting of the session. */
  private similar(page: readonly unknown[]): Promise<Found[]> {
    return this.database.transaction(async (tx) => {
      await tx.rows(`SET LOCAL pg_trgm.word_similarity_threshold = ${SIMILARITY}`);
      return tx.rows<Found>(SIMILAR, page);
    });
  }
}

function placeOf({ created_at: createdAt, id }: ProductRow): string[] {
  return [createdAt.toISOString(), id];
}

/** A LIKE pattern for texts with this one somewhere in them, in which no character is a wildcard. */
function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
