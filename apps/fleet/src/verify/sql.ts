/** SQL of an instant as it stands in events: RFC 3339, UTC, milliseconds. */
export function instant(column: string): string {
  return `to_char((${column}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** SQL of the public id of a uuid, as events have it (https://github.com/jetify-com/typeid): 26 digits of 5 bits each. */
export function publicId(prefix: string, column: string): string {
  return `'${prefix}_' || (
    SELECT string_agg(substr('0123456789abcdefghjkmnpqrstvwxyz', 1 + substring(
      B'00' || ('x' || translate(${column}::text, '-', ''))::bit(128) FROM n * 5 + 1 FOR 5)::bit(5)::int, 1), '' ORDER BY n)
    FROM generate_series(0, 25) AS n)`;
}

/** SQL of the instant inside a UUIDv7 (RFC 9562 §5.7): its first 48 bits are milliseconds. */
export function instantInside(column: string): string {
  return `to_timestamp(('x' || translate(left(${column}::text, 13), '-', ''))::bit(48)::bigint / 1000.0)`;
}

/** SQL of the number at a path in a document (jsonb); null where there is none, so that a spoilt document ends nothing. */
export function numberIn(document: string, path: string): string {
  return `jsonb_path_query_first(${document}, '${path} ? (@.type() == "number")')::numeric`;
}
