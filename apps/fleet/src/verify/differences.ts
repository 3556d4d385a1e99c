import { isDeepStrictEqual } from 'node:util';

/** A row, or several that belong together, as JSON. */
export type Document = Readonly<Record<string, unknown>>;

/** Characters of a value that are shown: enough to see what is wrong. */
const SHOWN = 120;

/** Where a document is not what it is expected to be, field by field: `role: expected "customer", found "admin"`; null when it is. */
export function differences(expected: Document, found: Document): string | null {
  const all = differing('', expected, found);
  return all.length === 0 ? null : all.join('; ');
}

function differing(path: string, expected: unknown, found: unknown): string[] {
  if (isDeepStrictEqual(expected, found)) return [];
  if (isDocument(expected) && isDocument(found)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
    return [...names].flatMap((name) =>
      differing(path === '' ? name : `${path}.${name}`, expected[name], found[name]),
    );
  }
  return [`${path}: expected ${show(expected)}, found ${show(found)}`];
}

/** A value as people read it, its end left out when it is long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
