import { Database } from '@flotilla/runtime/database';
import { Logger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Lookout } from '@flotilla/runtime/lookout';
import { type ClaimedMail, MAIL_QUEUED, MailQueue } from './mail-queue.js';
import { MailTransport } from './mail-transport.js';
import { MailWriter } from './mail-writer.js';

/** How late a mail is sent that another process queued, in milliseconds. */
const POLL_MS = 2_000;
/** Mails on their way at once. */
const AT_ONCE = 4;

/** Sends what is queued, a few at a time, soon after it is queued and until it succeeds, for four days. Without a transport mails wait. */
@Injectable()
export class MailSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly attempts;
  private readonly lookout;
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly queue: MailQueue,
    private readonly writer: MailWriter,
    private readonly logger: Logger,
    metrics: Metrics,
    @Inject(MailTransport) private readonly transport: MailTransport | null,
  ) {
    this.attempts = metrics.counter('mails_total', 'Attempts to send a mail', ['kind', 'outcome']);
    this.lookout = new Lookout({
      everyMs: POLL_MS,
      look: () => this.sendNext(),
      failed: (error) =>
        logger.warn({ err: error }, 'the queue of mails cannot be read, trying on'),
    });
  }

  onApplicationBootstrap(): void {
    if (!this.transport) {
      this.logger.warn({}, 'neither SMTP_URL nor MAIL_DIR is set: mails wait until one is');
      return;
    }
    this.stopListening = this.database.onCommit(MAIL_QUEUED, () => this.lookout.wake());
    this.lookout.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopListening();
    await this.lookout.stop();
  }

  /** Whether there is likely to be more. */
  private async sendNext(): Promise<boolean> {
    const mails = await this.queue.claim(AT_ONCE);
    await Promise.all(mails.map((mail) => this.send(mail)));
    return mails.length === AT_ONCE;
  }

  private async send(mail: ClaimedMail): Promise<void> {
    const { id, kind, attempt } = mail;
    try {
      const written = await this.writer.write(mail);
      if (written) await this.transport!.send(written);
      await (written ? this.queue.sent(mail) : this.queue.dropped(mail));
      this.attempts.inc({ kind, outcome: written ? 'sent' : 'dropped' });
    } catch (error) {
      this.attempts.inc({ kind, outcome: 'failed' });
      this.logger.warn({ err: error, mail: id, kind, attempt }, 'a mail could not be sent');
      await this.queue.failed(mail);
    }
  }
}
