/**
 * Where a form may lead on to whose answer is a redirect to an address of a client, as sources of a content security policy (CSP
 * Level 3 §2.3.1): the origin, or the scheme that a native client has of its own. Nothing for what is no address.
 */
export function formTargetsOf(uri: unknown): string[] {
  const url = typeof uri === 'string' ? URL.parse(uri) : null;
  if (!url) return [];
  return [url.protocol === 'http:' || url.protocol === 'https:' ? url.origin : url.protocol];
}
