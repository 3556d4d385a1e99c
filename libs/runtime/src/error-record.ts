/** What of an error may be logged. */
export interface ErrorRecord {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: ErrorRecord;
}

const DEEPEST_CAUSE = 8;

/**
 * An error by allow-list: name, message, code, stack and causes. Everything else is left out because drivers
 * hang statement parameters (TypeORM) and row values (`detail` and `where` of PostgreSQL) on their errors.
 */
export function errorRecord(error: unknown, depth = 0): ErrorRecord {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' && { code }),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(error.cause !== undefined &&
      depth < DEEPEST_CAUSE && { cause: errorRecord(error.cause, depth + 1) }),
  };
}
