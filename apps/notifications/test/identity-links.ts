import { AppError } from '@flotilla/contracts/errors';
import {
  type EmailLinkView,
  IssueEmailLink,
  IssueEmailLinkRequest,
} from '@flotilla/contracts/mail';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { startService } from '@flotilla/runtime/bootstrap';
import { processConfig } from '@flotilla/runtime/config';
import { Controller, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';

/** A service in the place of identity: it gives out links. */
export interface IdentityLinks {
  /** What it does when it is asked next: give a link, or fail with this. */
  failWith: AppError | null;
  /** How often it has failed. */
  failures: number;
  /** Every link given out. */
  readonly given: string[];
  close(): Promise<void>;
}

export async function startIdentityLinks(natsUrl: string): Promise<IdentityLinks> {
  const state: Omit<IdentityLinks, 'close'> = { failWith: null, failures: 0, given: [] };

  @Controller()
  class Links {
    @MessagePattern(IssueEmailLink.subject)
    issue(@Payload() { purpose }: IssueEmailLinkRequest): EmailLinkView {
      if (state.failWith) {
        state.failures += 1;
        throw state.failWith;
      }
      const url = `https://flotilla.example/account/${purpose}?token=${state.given.length}`;
      state.given.push(url);
      return { email: 'ada@flotilla.example', url, minutes: 15 };
    }
  }

  @Module({
    imports: [MessagingModule.forRoot({ service: 'identity', natsUrl })],
    controllers: [Links],
  })
  class LinksModule {}

  const service = await startService({
    name: 'identity',
    module: LinksModule,
    config: processConfig({ NATS_URL: natsUrl, LOG_LEVEL: 'silent' }),
    strategy: (app) => app.get(NatsStrategy),
  });
  return Object.assign(state, { close: () => service.close() });
}
