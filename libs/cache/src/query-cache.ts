import { Injectable } from '@nestjs/common';
import { Cache } from './cache.js';

/** A statement whose rows may be kept. */
export interface KeptQuery {
  /** What it asks for, in metrics. */
  name: string;
  statement: string;
  values: readonly unknown[];
  /** The tables that it reads. */
  tables: readonly string[];
}

/** The tag of what was read from a table. */
export function tableTag(table: string): string {
  return `table:${table}`;
}

/** Rows that statements gave, kept until a table that they read is changed. */
@Injectable()
export class QueryCache {
  constructor(private readonly cache: Cache) {}

  /** The rows, plain JSON, as they were kept or as `run` gives them. Throws what `run` throws. */
  rows<Row>(
    { name, statement, values, tables }: KeptQuery,
    run: () => Promise<Row[]>,
  ): Promise<Row[]> {
    return this.cache.read({ name, key: { statement, values }, tags: tables.map(tableTag) }, run);
  }

  /** Has every replica forget what was read from a table, after the commit that changed it. */
  tableChanged(table: string): Promise<void> {
    return this.cache.forget([tableTag(table)]);
  }
}
