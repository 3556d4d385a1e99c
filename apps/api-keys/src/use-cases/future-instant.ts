import { AppError } from '@flotilla/contracts/errors';
import { parseInstant } from '@flotilla/contracts/instant';

/** An expiry as a time; null for none. @throws AppError `validation-failed` for one that is past */
export function futureInstant(
  text: string | null | undefined,
  now: Date,
  pointer: string,
): Date | null {
  if (text === null || text === undefined) return null;
  const instant = parseInstant(text);
  if (instant && instant > now) return instant;
  const detail = 'must be an RFC 3339 time in the future';
  throw new AppError('validation-failed', 'The request is not valid.', {
    details: { errors: [{ pointer, code: 'future', detail }] },
  });
}
