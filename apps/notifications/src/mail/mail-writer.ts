import { isAppError } from '@flotilla/contracts/errors';
import type { Actor } from '@flotilla/contracts/actor';
import { IssueEmailLink } from '@flotilla/contracts/mail';
import { mailLocaleOf } from '@flotilla/contracts/mail-locale';
import type { Operation } from '@flotilla/contracts/operation';
import { GetUser } from '@flotilla/contracts/users';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { Injectable } from '@nestjs/common';
import { composeLinkMail, composeOrderMail, LINK_MAILS } from './compose.js';
import type { Mail } from './mail.js';
import {
  type ClaimedLinkMail,
  type ClaimedMail,
  type ClaimedOrderMail,
  isOrderMail,
} from './mail-queue.js';
import { OrderNews } from './order-news.js';

/** Writes queued mails, at the moment when they are sent: what is in them is nowhere before. */
@Injectable()
export class MailWriter {
  constructor(
    private readonly rpc: RpcClient,
    private readonly news: OrderNews,
  ) {}

  /** Null when there is nobody to send it to, or nobody who wants it. Throws when it cannot be told now. */
  write(mail: ClaimedMail): Promise<Mail | null> {
    return isOrderMail(mail) ? this.writeOfOrder(mail) : this.writeLink(mail);
  }

  private async writeLink(mail: ClaimedLinkMail): Promise<Mail | null> {
    const purpose = LINK_MAILS[mail.kind].link;
    const link = await this.unlessGone(IssueEmailLink, { userId: mail.userId, purpose });
    return link && composeLinkMail(mail, link);
  }

  private async writeOfOrder({ id, kind, userId }: ClaimedOrderMail): Promise<Mail | null> {
    const reader: Actor = { userId, mode: 'live', permissions: ['users:read'] };
    const user = await this.unlessGone(GetUser, { userId }, reader);
    if (!user?.preferences.emailOrderUpdates) return null;
    const locale = mailLocaleOf(user.preferences.locale);
    const order = await this.news.of(id, user.displayName, locale);
    return composeOrderMail({ id, kind, locale, email: user.email, order });
  }

  /** Null when the account is gone. */
  private async unlessGone<Request extends object, Response>(
    operation: Operation<Request, Response>,
    request: Request,
    actor?: Actor,
  ): Promise<Response | null> {
    try {
      return await this.rpc.call(operation, request, { actor });
    } catch (error) {
      if (isAppError(error, 'not-found')) return null;
      throw error;
    }
  }
}
