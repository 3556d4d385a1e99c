import { AppError } from '@flotilla/contracts/errors';
import { currentContext, remainingMs } from '@flotilla/runtime/request-context';
import { within } from '@flotilla/runtime/waiting';
import { Injectable } from '@nestjs/common';

/** What must be left of a request's time after it has waited, in milliseconds. */
const MARGIN_MS = 300;

/**
 * Closed while this database may know less than orders does (docs/adr/0005-a-restored-inventory.md): then nothing is
 * promised, and no hold ends, on its word.
 */
@Injectable()
export class SalesGate {
  private opening = Promise.withResolvers<void>();
  private state: 'open' | 'closed' = 'closed';

  get isOpen(): boolean {
    return this.state === 'open';
  }

  open(): void {
    this.state = 'open';
    this.opening.resolve();
  }

  close(): void {
    if (!this.isOpen) return;
    this.state = 'closed';
    this.opening = Promise.withResolvers<void>();
  }

  /** Waits for it to open, as long as the current request can. @throws AppError `unavailable` */
  async opened(): Promise<void> {
    await within(Math.max(0, remainingMs(currentContext()) - MARGIN_MS), this.opening.promise);
    this.requireOpen();
  }

  /** @throws AppError `unavailable` */
  requireOpen(): void {
    if (this.isOpen) return;
    throw new AppError('unavailable', 'The stock is being brought up to date.', {
      details: { retryAfterSeconds: 1 },
    });
  }
}
