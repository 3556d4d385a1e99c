import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { startService } from '@flotilla/runtime/bootstrap';
import { processConfig } from '@flotilla/runtime/config';

/** Another service, which asks. */
export interface Caller {
  rpc: RpcClient;
  close(): Promise<void>;
}

export async function startCaller(natsUrl: string): Promise<Caller> {
  let rpc: RpcClient | undefined;
  const service = await startService({
    name: 'caller',
    module: MessagingModule.forRoot({ service: 'caller', natsUrl }),
    config: processConfig({ NATS_URL: natsUrl, LOG_LEVEL: 'silent' }),
    strategy: (app) => {
      rpc = app.get(RpcClient);
      return app.get(NatsStrategy);
    },
  });
  return { rpc: rpc!, close: () => service.close() };
}
