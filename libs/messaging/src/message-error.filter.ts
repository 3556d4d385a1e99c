import { AppError, isAppError } from '@flotilla/contracts/errors';
import { Logger } from '@flotilla/runtime/logger';
import { type ArgumentsHost, Catch } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { MessageContext } from './message-context.js';

/** What a caller is told of a fault: nothing that only operators may read. */
export function internalError(cause: unknown): AppError<'internal'> {
  return new AppError('internal', 'Something went wrong on our side.', { cause });
}

/**
 * Lets the errors of the contract reach the strategy as they are (Nest would flatten them into a text) and turns all
 * others into `internal`, logged here once. Events keep their error: it decides about the next attempt. HTTP requests get
 * Nest's own answers, unless the app sets a filter for them by `useGlobalFilters`: the last one set is asked first.
 */
@Catch()
export class MessageErrorFilter extends BaseExceptionFilter {
  constructor(private readonly logger: Logger) {
    super();
  }

  override catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'rpc') return super.catch(error, host);
    const context: unknown = host.switchToRpc().getContext();
    if (isAppError(error) || !(context instanceof MessageContext)) throw error;
    this.logger.error({ err: error, subject: context.subject }, 'request failed');
    throw internalError(error);
  }
}
