import {
  type EmailLinkView,
  IssueEmailLink,
  IssueEmailLinkRequest,
} from '@flotilla/contracts/mail';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { IssueEmailLink as IssueLink } from '../recovery/issue-email-link.js';

/** The links of mails, for notifications, at the moment when it sends one. */
@Controller()
export class EmailLinksController {
  constructor(private readonly issueLink: IssueLink) {}

  @MessagePattern(IssueEmailLink.subject)
  issue(@Payload() request: IssueEmailLinkRequest): Promise<EmailLinkView> {
    return this.issueLink.execute(request);
  }
}
