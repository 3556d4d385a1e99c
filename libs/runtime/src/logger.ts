import type { LoggerService } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { destination, pino, stdTimeFunctions, type DestinationStream } from 'pino';
import type { LogLevel } from './config.js';
import { errorRecord } from './error-record.js';
import { withoutSecrets } from './log-secrets.js';
import { currentContext } from './request-context.js';

/** What a line says besides its message. An error goes under `err`. */
export type LogFields = Record<string, unknown>;

/** Writes one JSON line per call; service, request, actor and trace are added, secrets are taken out. */
export abstract class Logger {
  abstract debug(fields: LogFields, message: string): void;
  abstract info(fields: LogFields, message: string): void;
  abstract warn(fields: LogFields, message: string): void;
  abstract error(fields: LogFields, message: string): void;
  abstract fatal(fields: LogFields, message: string): void;
}

/**
 * A logger to stdout, or to `stream`.
 * Lines are written before the call returns, so that the last words of a crash are not lost.
 */
export function createLogger(
  service: string,
  level: LogLevel = 'info',
  stream: DestinationStream = destination(1),
): Logger {
  return pino(
    {
      level,
      base: { service, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: withoutSecrets },
      serializers: { err: errorRecord },
      mixin: requestFields,
    },
    stream,
  );
}

function requestFields(): LogFields {
  const context = currentContext();
  return {
    requestId: context?.requestId,
    userId: context?.actor?.userId,
    keyId: context?.actor?.keyId,
    traceId: trace.getActiveSpan()?.spanContext().traceId,
  };
}

/** Nest's own messages through a `Logger`; its running commentary on start-up only at `debug`. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug({ context: contextOf(rest) }, String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn({ context: contextOf(rest) }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const fields = { context: contextOf(rest) };
    // Said again, with more, by whoever started the service.
    if (fields.context === 'ExceptionHandler') return;
    if (message instanceof Error) this.logger.error({ ...fields, err: message }, message.message);
    else this.logger.error({ ...fields, stack: stackOf(rest) }, String(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal({ context: contextOf(rest) }, String(message));
  }
}

/** Nest passes the name of the class that speaks as the last parameter, after a stack if there is one. */
function contextOf(rest: unknown[]): string | undefined {
  const last = rest.at(-1);
  return typeof last === 'string' ? last : undefined;
}

function stackOf(rest: unknown[]): string | undefined {
  return rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
}
