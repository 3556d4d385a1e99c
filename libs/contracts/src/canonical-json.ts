/** A JSON value with the keys of every object sorted, so that equal values have equal text. */
export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (value === null || typeof value !== 'object') return value;
  // fromEntries defines own properties, so a key named __proto__ stays a key.
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sortedKeys(member)]),
  );
}

/** The one text of a JSON value, whatever order its keys came in. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortedKeys(value));
}
