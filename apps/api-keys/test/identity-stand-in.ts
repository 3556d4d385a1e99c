import type { Role } from '@flotilla/contracts/actor';
import { type EventEnvelope, eventSubject, IDENTITY_EVENTS } from '@flotilla/contracts/events';
import { notFound } from '@flotilla/contracts/errors';
import { AccountIdRequest, type AccountView, GetAccount } from '@flotilla/contracts/identity';
import { type Id, newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { JetStream } from '@flotilla/messaging/jetstream';
import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { startService } from '@flotilla/runtime/bootstrap';
import { processConfig } from '@flotilla/runtime/config';
import { Controller, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';

const roles = new Map<string, Role>();
/** What answers wait for, once it is known what they say; and how many do. */
let held: Promise<void> | undefined;
let waiting = 0;

@Controller()
class AccountsController {
  @MessagePattern(GetAccount.subject)
  async get(@Payload() { userId }: AccountIdRequest): Promise<AccountView> {
    const role = roles.get(userId);
    waiting += 1;
    await held;
    waiting -= 1;
    if (!role) throw notFound('user');
    return {
      id: userId,
      email: 'user@flotilla.example',
      role,
      credentialVersion: 1,
      disabled: false,
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
  /** Null for a user who is not there any more. */
  changeRole(userId: Id<'usr'>, role: Role | null): void;
  /** From here on answers say how things stand when they are asked for, and go out when the returned function is called. */
  holdAnswers(): () => void;
  /** How many answers are held. */
  held(): number;
  /** Publishes what becomes of a user's account from its registration to its erasure. */
  erase(userId: Id<'usr'>): Promise<void>;
  close(): Promise<void>;
}

export async function startIdentity(natsUrl: string): Promise<IdentityStandIn> {
  let rpc: RpcClient | undefined;
  let jetStream: JetStream | undefined;
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
      jetStream = app.get(JetStream);
      return app.get(NatsStrategy);
    },
  });
  await jetStream!.ensureStream(IDENTITY_EVENTS);
  const publish = async (userId: Id<'usr'>, version: number, type: string): Promise<void> => {
    const event: EventEnvelope = {
      id: toId('evt', newUuid()),
      type,
      version,
      subject: userId,
      streamId: toUuid('usr', userId),
      occurredAt: new Date().toISOString(),
      actor: { userId, mode: 'live' },
      data: {},
    };
    const manager = await jetStream!.manager();
    const subject = eventSubject(IDENTITY_EVENTS, type);
    await manager.jetstream().publish(subject, JSON.stringify(event), { msgID: event.id });
  };
  return {
    rpc: rpc!,
    user: (role) => {
      const id = toId('usr', newUuid());
      roles.set(id, role);
      return id;
    },
    changeRole: (userId, role) => {
      if (role === null) roles.delete(userId);
      else roles.set(userId, role);
    },
    holdAnswers: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return () => {
        held = undefined;
        resolve();
      };
    },
    held: () => waiting,
    erase: async (userId) => {
      roles.delete(userId);
      await publish(userId, 1, 'user.registered');
      await publish(userId, 2, 'user.erased');
    },
    close: () => service.close(),
  };
}
