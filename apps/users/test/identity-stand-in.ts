import { type EventEnvelope, eventSubject, IDENTITY_EVENTS } from '@flotilla/contracts/events';
import { type Id, newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import type { AccountEvents } from '@flotilla/contracts/identity';
import { JetStream } from '@flotilla/messaging/jetstream';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { startService } from '@flotilla/runtime/bootstrap';
import { processConfig } from '@flotilla/runtime/config';

export type Registration = EventEnvelope<'user.registered', AccountEvents['user.registered']>;

/** A service in the place of identity: it publishes registrations, and asks. */
export interface IdentityStandIn {
  rpc: RpcClient;
  /** Publishes what identity says of a new user. */
  register(data: Omit<AccountEvents['user.registered'], 'role'>): Promise<Registration>;
  /** Publishes an event once more, under another message id. */
  repeat(event: EventEnvelope): Promise<void>;
  close(): Promise<void>;
}

export async function startIdentity(natsUrl: string): Promise<IdentityStandIn> {
  let rpc: RpcClient | undefined;
  let jetStream: JetStream | undefined;
  const service = await startService({
    name: 'identity',
    module: MessagingModule.forRoot({ service: 'identity', natsUrl }),
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
  return {
    rpc: rpc!,
    repeat,
    register: async (data) => {
      const subject: Id<'usr'> = toId('usr', newUuid());
      const event: Registration = {
        id: toId('evt', newUuid()),
        type: 'user.registered',
        version: 1,
        subject,
        streamId: toUuid('usr', subject),
        occurredAt: new Date().toISOString(),
        actor: { userId: subject, mode: 'live' },
        data: { ...data, role: 'customer' },
      };
      await repeat(event);
      return event;
    },
    close: () => service.close(),
  };
}
