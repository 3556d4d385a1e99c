import { isAppError } from '@flotilla/contracts/errors';
import { Logger } from '@flotilla/runtime/logger';
import { pause } from '@flotilla/runtime/waiting';
import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { AttemptGate } from '../abuse/attempt-gate.js';
import { EmailLinks } from '../email-links/email-links.js';
import { OAuthRecords } from './oauth-records.js';

const PAUSE_MS = 60_000;

/** Removes what has expired. Nothing depends on it: whoever finds a record looks at its time. */
@Injectable()
export class RecordSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stopping = new AbortController();
  #sweeping?: Promise<void>;

  constructor(
    private readonly records: OAuthRecords,
    private readonly links: EmailLinks,
    private readonly attempts: AttemptGate,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#sweeping = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#sweeping;
  }

  private async run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await pause(PAUSE_MS, signal);
      try {
        while (!signal.aborted && (await this.records.sweep()));
        await this.links.sweep();
        await this.attempts.sweep();
      } catch (error) {
        if (!isAppError(error, 'unavailable'))
          this.logger.error({ err: error }, 'what has expired cannot be removed');
      }
    }
  }
}
