import { readStreamOperation, ReadStreamRequest } from '@flotilla/contracts/event-stream';
import { type EventEnvelope, eventSubject, IDENTITY_EVENTS } from '@flotilla/contracts/events';
import { type Id, newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import type { AccountEvents } from '@flotilla/contracts/identity';
import { JetStream } from '@flotilla/messaging/jetstream';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { startService } from '@flotilla/runtime/bootstrap';
import { processConfig } from '@flotilla/runtime/config';
import { Controller, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';

export type Registration = EventEnvelope<'user.registered', AccountEvents['user.registered']>;

/** What identity has stored, by stream. */
const stored = new Map<string, EventEnvelope[]>();

@Controller()
class StreamsController {
  @MessagePattern(readStreamOperation('identity').subject)
  read(@Payload() { streamId, afterVersion }: ReadStreamRequest): { events: EventEnvelope[] } {
    return { events: (stored.get(streamId) ?? []).slice(afterVersion) };
  }
}

@Module({})
class IdentityModule {}

/** A service in the place of identity: it stores and publishes what becomes of accounts, and asks. */
export interface IdentityStandIn {
  rpc: RpcClient;
  /** Stores the registration of a new user, and publishes nothing of it. */
  store(data?: Partial<AccountEvents['user.registered']>): Registration;
  /** Stores and publishes it. */
  register(data?: Partial<AccountEvents['user.registered']>): Promise<Registration>;
  /** Publishes an event once more, under another message id. */
  repeat(event: EventEnvelope): Promise<void>;
  /** Stores and publishes the next event of a user. */
  tell<Type extends keyof AccountEvents>(
    userId: Id<'usr'>,
    type: Type,
    data: AccountEvents[Type],
  ): Promise<EventEnvelope>;
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
      controllers: [StreamsController],
    },
    config: processConfig({ NATS_URL: natsUrl, LOG_LEVEL: 'silent' }),
    strategy: (app) => {
      rpc = app.get(RpcClient);
      jetStream = app.get(JetStream);
      return app.get(NatsStrategy);
    },
  });
  await jetStream!.ensureStream(IDENTITY_EVENTS);
  const repeat = async (event: EventEnvelope): Promise<void> => {
    const manager = await jetStream!.manager();
    const subject = eventSubject(IDENTITY_EVENTS, event.type);
    await manager.jetstream().publish(subject, JSON.stringify(event), { msgID: newUuid() });
  };
  const next = <Type extends keyof AccountEvents>(
    subject: Id<'usr'>,
    type: Type,
    data: AccountEvents[Type],
  ): EventEnvelope<Type, AccountEvents[Type]> => {
    const streamId = toUuid('usr', subject);
    const earlier = stored.get(streamId) ?? [];
    const event = {
      id: toId('evt', newUuid()),
      type,
      version: earlier.length + 1,
      subject,
      streamId,
      occurredAt: new Date().toISOString(),
      actor: { userId: subject, mode: 'live' as const },
      data,
    };
    stored.set(streamId, [...earlier, event]);
    return event;
  };
  const store: IdentityStandIn['store'] = (data) =>
    next(toId('usr', newUuid()), 'user.registered', {
      email: 'ada@flotilla.example',
      firstName: 'Ada',
      lastName: 'Lovelace',
      role: 'customer',
      ...data,
    });
  return {
    rpc: rpc!,
    repeat,
    store,
    register: async (data) => {
      const event = store(data);
      await repeat(event);
      return event;
    },
    tell: async (userId, type, data) => {
      const event = next(userId, type, data);
      await repeat(event);
      return event;
    },
    close: () => service.close(),
  };
}
