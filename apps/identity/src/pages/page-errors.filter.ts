import { isAppError } from '@flotilla/contracts/errors';
import { Logger } from '@flotilla/runtime/logger';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { errors } from 'oidc-provider';
import { awayPage, expiredPage, messagePage } from './consent.page.js';
import { ForeignForm } from './own-form.guard.js';
import { sendPage } from './page-reply.js';

/** What keeps a page from being shown, as a page. */
@Catch()
export class PageErrorsFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof errors.SessionNotFound) return sendPage(reply, 400, expiredPage());
    if (error instanceof ForeignForm) {
      const text = 'Please go back, load the page again, and send the form once more.';
      return sendPage(reply, 403, messagePage('This form is too old', text));
    }
    if (isAppError(error, 'rate-limited')) {
      const seconds = error.details!.retryAfterSeconds;
      void reply.header('retry-after', seconds);
      return sendPage(reply, 429, messagePage('One moment, please', tooMany(seconds)));
    }
    if (isAppError(error, 'unavailable') || isAppError(error, 'deadline-exceeded')) {
      void reply.header('retry-after', 1);
      return sendPage(reply, 503, awayPage());
    }
    this.logger.error({ err: error }, 'a page failed');
    const text = 'Something went wrong on our side. Please try again.';
    sendPage(reply, 500, messagePage('That did not work', text));
  }
}

/** The wait, as people say it. */
export function tooMany(seconds: number): string {
  const wait = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return `There were too many attempts. Please try again in ${wait}.`;
}
