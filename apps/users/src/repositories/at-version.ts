import { AppError, notFound } from '@flotilla/contracts/errors';
import { ID_PREFIXES, type IdPrefix } from '@flotilla/contracts/ids';

/** The row that was found, at the version it is wanted at. @throws AppError `not-found`, `precondition-failed` */
export function atVersion<Row extends { version: number }>(
  kind: IdPrefix,
  row: Row | undefined,
  version: number | undefined,
): Row {
  const name = ID_PREFIXES[kind];
  if (!row) throw notFound(name);
  if (version === undefined || version === row.version) return row;
  throw new AppError('precondition-failed', `The ${name} changed meanwhile.`);
}
