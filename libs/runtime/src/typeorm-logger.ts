import type { Logger } from 'typeorm';

const nothing = (): void => undefined;

/**
 * What TypeORM may log: the text of slow statements, to `onSlow`.
 * It hands out parameters with everything else, and prints to stdout if left alone.
 */
export function typeOrmLogger(onSlow: (elapsedMs: number, text: string) => void = nothing): Logger {
  return {
    logQuerySlow: onSlow,
    logQuery: nothing,
    logQueryError: nothing,
    logSchemaBuild: nothing,
    logMigration: nothing,
    log: nothing,
  };
}
