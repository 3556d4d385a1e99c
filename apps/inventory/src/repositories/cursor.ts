import { AppError } from '@flotilla/contracts/errors';

/** A check of one part of a cursor, so that nothing a client makes up reaches the database. */
export type CursorPart = (text: string) => boolean;

export const instant: CursorPart = (text) => {
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.toISOString() === text;
};
export const uuid: CursorPart = (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
export const position: CursorPart = (text) => /^\d{1,18}$/.test(text);

/** Where a list continues, in a form that clients have no reason to look into. */
export function encodeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/**
 * The parts of a cursor; nulls for the beginning of the list.
 * @throws AppError `validation-failed`
 */
export function decodeCursor(
  cursor: string | undefined,
  checks: readonly CursorPart[],
): (string | null)[] {
  if (cursor === undefined) return checks.map(() => null);
  const parts = parse(cursor);
  const valid =
    Array.isArray(parts) &&
    parts.length === checks.length &&
    checks.every((check, index) => typeof parts[index] === 'string' && check(parts[index]));
  if (valid) return parts as string[];
  const error = {
    pointer: '/cursor',
    code: 'cursor',
    detail: 'This is not a cursor of this list.',
  };
  throw new AppError('validation-failed', 'The cursor is not valid.', {
    details: { errors: [error] },
  });
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
}
