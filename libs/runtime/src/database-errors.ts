import { AppError } from '@flotilla/contracts/errors';
import { QueryFailedError } from 'typeorm';

/** Classes of SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html) that pass by themselves. */
const PASSING = new Set([
  '53300', // too_many_connections
  '55P03', // lock_not_available: lock_timeout
  '57014', // query_canceled: statement_timeout
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: starting up or shutting down
  '55000', // object_not_in_prerequisite_state: of a connection, a database that takes none for now
  '25P03', // idle_in_transaction_session_timeout
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

/** What `pg` says, without a code, of a connection that is gone or was not to be had. */
const CONNECTION_LOST =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout exceeded when trying to connect)/;

/** True for an insert or update that met a row with the same unique key, of one constraint if given. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const cause = driverError(error);
  return (
    codeOf(cause) === '23505' &&
    (constraint === undefined || (cause as { constraint?: unknown }).constraint === constraint)
  );
}

/** True when PostgreSQL did not answer, or will answer the same request if asked again a little later. */
export function isPassing(error: unknown): boolean {
  const cause = driverError(error);
  const code = codeOf(cause);
  if (code !== undefined && (PASSING.has(code) || code.startsWith('08'))) return true;
  return isStalePlan(cause) || (cause instanceof Error && CONNECTION_LOST.test(cause.message));
}

/** True when the connection that a statement failed on cannot be used again: anything but an orderly refusal. */
export function spoilsConnection(error: unknown): boolean {
  return (error as { severity?: unknown } | null)?.severity !== 'ERROR' || isStalePlan(error);
}

/** What a caller sees: `unavailable` for what passes, the error itself otherwise. */
export function toCallerError(error: unknown): unknown {
  if (error instanceof AppError || !isPassing(error)) return error;
  return new AppError('unavailable', 'The service is temporarily unavailable.', {
    details: { retryAfterSeconds: 1 },
    cause: error,
  });
}

/** A prepared `SELECT *` whose table got a column since: PostgreSQL refuses it for as long as the connection lives. */
export function isStalePlan(error: unknown): boolean {
  const cause = error instanceof AppError ? error.cause : error;
  return (
    codeOf(cause) === '0A000' &&
    (cause as { routine?: unknown }).routine === 'RevalidateCachedQuery'
  );
}

function driverError(error: unknown): unknown {
  return error instanceof QueryFailedError ? error.driverError : error;
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
