import { hash } from 'node:crypto';

/** A strong validator (RFC 9110 §8.8.3): equal exactly when the bytes are equal. */
export function etagOf(body: string): string {
  return `"${hash('sha256', body, 'base64url').slice(0, 27)}"`;
}

/** Whether `If-None-Match` (a list of tags, or `*`) names this one; compared weakly, as RFC 9110 §13.1.2 says. */
export function noneMatchHolds(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return true;
  if (ifNoneMatch.trim() === '*') return false;
  const tags = ifNoneMatch.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return !tags.some((tag) => unencoded(tag.replace(/^W\//, '')) === etag);
}

/** Whether `If-Match` (a list of tags, or `*`) names this one; compared strongly, as RFC 9110 §13.1.1 says. */
export function matchHolds(ifMatch: string, etag: string): boolean {
  if (ifMatch.trim() === '*') return true;
  const tags: readonly string[] = ifMatch.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => unencoded(tag) === etag);
}

/** The tag of a representation when its bytes go out encoded, and so are others: `"…-br"`. */
export function encodedTag(etag: string, encoding: string): string {
  return etag.replace(/"$/, `-${encoding}"`);
}

/** The tag without what encoding added to it. */
function unencoded(tag: string): string {
  return tag.replace(/-(?:br|gzip)"$/, '"');
}
