import type { Role } from '@flotilla/contracts/actor';
import { notFound } from '@flotilla/contracts/errors';
import { AccountIdRequest, type AccountView, GetAccount } from '@flotilla/contracts/identity';
import { type Id, newUuid, toId } from '@flotilla/contracts/ids';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { startService } from '@flotilla/runtime/bootstrap';
import { processConfig } from '@flotilla/runtime/config';
import { Controller, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';

const roles = new Map<string, Role>();

@Controller()
class AccountsController {
  @MessagePattern(GetAccount.subject)
  get(@Payload() { userId }: AccountIdRequest): AccountView {
    const role = roles.get(userId);
    if (!role) throw notFound('user');
    return {
      id: userId,
      email: 'user@flotilla.example',
      role,
      createdAt: new Date(0).toISOString(),
    };
  }
}

@Module({})
class IdentityModule {}

/** A service in the place of identity, and the caller of requests. */
export interface IdentityStandIn {
  rpc: RpcClient;
  /** A user that has this role. */
  user(role: Role): Id<'usr'>;
  close(): Promise<void>;
}

export async function startIdentity(natsUrl: string): Promise<IdentityStandIn> {
  let rpc: RpcClient | undefined;
  const service = await startService({
    name: 'identity',
    module: {
      module: IdentityModule,
      imports: [MessagingModule.forRoot({ service: 'identity', natsUrl })],
      controllers: [AccountsController],
    },
    config: processConfig({ NATS_URL: natsUrl, LOG_LEVEL: 'silent' }),
    strategy: (app) => {
      rpc = app.get(RpcClient);
      return app.get(NatsStrategy);
    },
  });
  return {
    rpc: rpc!,
    user: (role) => {
      const id = toId('usr', newUuid());
      roles.set(id, role);
      return id;
    },
    close: () => service.close(),
  };
}
