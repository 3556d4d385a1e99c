/** A field of a form as text; empty when it is missing, doubled, or no text that could be stored. */
export function textOf(body: unknown, name: string): string {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return '';
  const value = (body as Record<string, unknown>)[name];
  const isText = typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
  return isText ? value : '';
}

/** Where to go after a form: a page of ours, never anything else. */
export function ownPath(path: unknown): string {
  const isOwn =
    typeof path === 'string' &&
    /^\/(account|account\/[\w/-]*|oauth\/interaction\/[\w-]+)$/.test(path);
  return isOwn ? path : '/account';
}
