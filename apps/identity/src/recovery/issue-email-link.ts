import { notFound } from '@flotilla/contracts/errors';
import { toUuid } from '@flotilla/contracts/ids';
import type { EmailLinkView, IssueEmailLinkRequest } from '@flotilla/contracts/mail';
import { Inject, Injectable } from '@nestjs/common';
import { IDENTITY_CONFIG, type IdentityConfig } from '../config.js';
import { EmailLinks, LINK_MINUTES } from '../email-links/email-links.js';
import { AccountStates } from '../oauth/account-states.js';

/** Makes the link that a mail carries. It leads to the configured address, whatever a request called this host. */
@Injectable()
export class IssueEmailLink {
  constructor(
    @Inject(IDENTITY_CONFIG) private readonly config: IdentityConfig,
    private readonly accounts: AccountStates,
    private readonly links: EmailLinks,
  ) {}

  /** @throws AppError `not-found` for an account that is gone or disabled */
  async execute({ userId, purpose }: IssueEmailLinkRequest): Promise<EmailLinkView> {
    const account = await this.accounts.find(userId);
    if (!account) throw notFound('user');
    const token = await this.links.issue(toUuid('usr', userId), purpose);
    const url = new URL(`/account/${purpose}`, this.config.issuer);
    url.searchParams.set('token', token);
    return { email: account.email, url: url.href, minutes: LINK_MINUTES };
  }
}
