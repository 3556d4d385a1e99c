import { Database } from '@flotilla/runtime/database';
import { Logger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { QueueWorker } from '../queue-worker.js';
import type { Mail } from './mail.js';
import { type ClaimedMail, MAIL_QUEUED, MailQueue } from './mail-queue.js';
import { MailTransport } from './mail-transport.js';
import { MailWriter } from './mail-writer.js';

/** How late a mail is sent that another process queued, in milliseconds. */
const POLL_MS = 2_000;
/** Mails on their way at once: servers mind more connections of one client. */
const AT_ONCE = 8;
const GATHER_MS = 20;
/** How long a shutdown waits for the mail server, in milliseconds; what it has not taken by then is sent again when the lease is over. */
const GRACE_MS = 3_000;

/** Sends what is queued, a few at once, soon after it is queued and until it succeeds, for four days. Without a transport mails wait. */
@Injectable()
export class MailSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly attempts;
  private readonly worker;
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
    this.worker = new QueueWorker<ClaimedMail>({
      atOnce: AT_ONCE,
      everyMs: POLL_MS,
      gatherMs: GATHER_MS,
      claim: (room) => this.queue.claim(room),
      work: (mail) => this.send(mail),
      failed: (error) =>
        logger.warn({ err: error }, 'the queue of mails cannot be read, trying on'),
    });
  }

  onApplicationBootstrap(): void {
    if (!this.transport) {
      this.logger.warn({}, 'neither SMTP_URL nor MAIL_DIR is set: mails wait until one is');
      return;
    }
    this.stopListening = this.database.onCommit(MAIL_QUEUED, () => this.worker.wake());
    this.worker.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopListening();
    await this.worker.stop(GRACE_MS);
  }

  private async send(mail: ClaimedMail): Promise<void> {
    const { id, kind } = mail;
    try {
      this.attempts.inc({ kind, outcome: await this.attempt(mail) });
    } catch (error) {
      // Nothing is known of it any more, so it is sent again when its lease is over.
      this.logger.warn({ err: error, mail: id, kind }, 'what became of a mail is not written down');
    }
  }

  /** Sends it if somebody is to get it, and writes down what came of that. Throws when it cannot be written down. */
  private async attempt(mail: ClaimedMail): Promise<'sent' | 'dropped' | 'failed'> {
    const { id, kind, attempt } = mail;
    let written: Mail | null;
    try {
      written = await this.writer.write(mail);
      if (written) await this.transport!.send(written);
    } catch (error) {
      this.logger.warn({ err: error, mail: id, kind, attempt }, 'a mail could not be sent');
      await this.queue.failed(mail);
      return 'failed';
    }
    await (written ? this.queue.sent(mail) : this.queue.dropped(mail));
    return written ? 'sent' : 'dropped';
  }
}
