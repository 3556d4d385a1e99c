import { type EventChannel, type EventEnvelope, eventSubject } from '@flotilla/contracts/events';
import { newUuid, toId } from '@flotilla/contracts/ids';
import { JetStream } from '@flotilla/messaging/jetstream';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { startService } from '@flotilla/runtime/bootstrap';
import { processConfig } from '@flotilla/runtime/config';

/** A service in the place of all that publish. */
export interface Producers {
  rpc: RpcClient;
  /** Publishes the first event of a new stream, about a user if `data` is not left out; the rest as `more` says. */
  publish(
    channel: EventChannel,
    type: string,
    data?: object,
    more?: Partial<EventEnvelope>,
  ): Promise<EventEnvelope>;
  /** Publishes an event once more, under another message id. */
  repeat(channel: EventChannel, event: EventEnvelope): Promise<void>;
  close(): Promise<void>;
}

export async function startProducers(natsUrl: string): Promise<Producers> {
  let rpc: RpcClient | undefined;
  let jetStream: JetStream | undefined;
  const service = await startService({
    name: 'producers',
    module: MessagingModule.forRoot({ service: 'producers', natsUrl }),
    config: processConfig({ NATS_URL: natsUrl, LOG_LEVEL: 'silent' }),
    strategy: (app) => {
      rpc = app.get(RpcClient);
      jetStream = app.get(JetStream);
      return app.get(NatsStrategy);
    },
  });
  const repeat = async (channel: EventChannel, event: EventEnvelope): Promise<void> => {
    await jetStream!.ensureStream(channel);
    const manager = await jetStream!.manager();
    const subject = eventSubject(channel, event.type);
    await manager.jetstream().publish(subject, JSON.stringify(event), { msgID: newUuid() });
  };
  return {
    rpc: rpc!,
    repeat,
    publish: async (channel, type, data, more) => {
      const streamId = newUuid();
      const event: EventEnvelope = {
        id: toId('evt', newUuid()),
        type,
        version: 1,
        subject: data ? toId('usr', streamId) : `${channel.producer}-${streamId}`,
        streamId,
        occurredAt: new Date().toISOString(),
        actor: { system: 'test' },
        data: data ?? { of: channel.producer },
        ...more,
      };
      await repeat(channel, event);
      return event;
    },
    close: () => service.close(),
  };
}
