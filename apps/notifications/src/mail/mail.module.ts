import { type DynamicModule, Module } from '@nestjs/common';
import type { MailConfig } from '../config.js';
import { MailController } from '../controllers/mail.controller.js';
import { MailboxController } from '../controllers/mailbox.controller.js';
import { MailQueue } from './mail-queue.js';
import { MailSender } from './mail-sender.js';
import { MailWriter } from './mail-writer.js';
import { MailTransport, mailTransport } from './mail-transport.js';
import { OrderMails } from './order-mails.js';
import { OrderNews } from './order-news.js';
import { Mailbox } from './mailbox.js';

/** Mails: what wants one, the queue, and the way out. */
@Module({})
export class MailModule {
  static forRoot(config: MailConfig): DynamicModule {
    const { directory } = config;
    return {
      module: MailModule,
      controllers: [MailController, ...(directory === undefined ? [] : [MailboxController])],
      providers: [
        MailQueue,
        MailSender,
        MailWriter,
        OrderMails,
        OrderNews,
        { provide: MailTransport, useValue: mailTransport(config) },
        ...(directory === undefined
          ? []
          : [{ provide: Mailbox, useValue: new Mailbox(directory) }]),
      ],
    };
  }
}
