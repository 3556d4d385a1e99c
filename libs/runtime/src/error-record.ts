/** What of an error may be logged. */
export interface ErrorRecord {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: ErrorRecord;
  /** Of an AggregateError: the first of its errors. */
  errors?: ErrorRecord[];
}

const DEEPEST_CAUSE = 8;
const MOST_ERRORS = 5;
/** Levels that an error within an AggregateError counts for, since there each level multiplies. */
const AGGREGATE_DEPTH = DEEPEST_CAUSE / 2;

/**
 * An error by allow-list: name, message, code, stack, causes and inner errors. Everything else is left out because drivers
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
    ...(error instanceof AggregateError &&
      depth < DEEPEST_CAUSE && { errors: innerErrors(error, depth + AGGREGATE_DEPTH) }),
  };
}

function innerErrors({ errors }: AggregateError, depth: number): ErrorRecord[] {
  return errors.slice(0, MOST_ERRORS).map((error) => errorRecord(error, depth));
}
