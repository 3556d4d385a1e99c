/** A column of sealed values, so that they can be sealed anew wherever they are. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** Columns of the primary key. */
  readonly key: readonly string[];
  /** The place that the value of a row was sealed for, by the row's key. */
  placeOf(key: Record<string, unknown>): string;
}
