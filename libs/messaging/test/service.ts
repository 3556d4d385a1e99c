import { createLogger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { RuntimeModule } from '@flotilla/runtime/runtime.module';
import { validationPipe } from '@flotilla/runtime/validation';
import type { INestMicroservice, Provider, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import type { MessagingOptions } from '../src/messaging-options.js';
import { MessagingModule } from '../src/messaging.module.js';
import { NatsStrategy } from '../src/nats-strategy.js';
import { RpcClient } from '../src/rpc-client.js';

/** A service made of nothing but messaging and the controllers of a test. */
export interface TestService {
  readonly app: INestMicroservice;
  readonly rpc: RpcClient;
  readonly metrics: Metrics;
  /** What it logged, as JSON lines. */
  readonly logs: string[];
  close(): Promise<void>;
}

/** Starts a service as production does: Nest, its pipe, our strategy. */
export async function startTestService(
  options: MessagingOptions,
  controllers: Type[] = [],
  providers: Provider[] = [],
): Promise<TestService> {
  const logs: string[] = [];
  const metrics = new Metrics(options.service);
  const logger = createLogger(options.service, 'debug', { write: (line) => void logs.push(line) });
  class TestModule {}
  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(
    {
      module: TestModule,
      imports: [
        RuntimeModule.forRoot(options.service, logger, metrics),
        MessagingModule.forRoot(options),
      ],
      controllers,
      providers,
    },
    {
      inject: [NatsStrategy],
      useFactory: (strategy: NatsStrategy) => ({ strategy }),
      logger: false,
      abortOnError: false,
    },
  );
  app.useGlobalPipes(validationPipe());
  await app.listen();
  return { app, rpc: app.get(RpcClient), metrics, logs, close: () => app.close() };
}
