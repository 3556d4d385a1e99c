import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ReadStreamRequest } from '@flotilla/contracts/event-stream';
import { eventually } from '@flotilla/testing/eventually';
import { type TestDatabase, testDatabase } from '@flotilla/testing/postgres';
import { Catch, Controller, Module, type RpcExceptionFilter } from '@nestjs/common';
import { MessagePattern, Payload, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom, type Observable, throwError } from 'rxjs';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type RunningService, startService } from './bootstrap.js';
import { type ServiceConfig, serviceConfig } from './config.js';
import { Database } from './database.js';
import { DatabaseModule } from './database.module.js';
import type { MigrationClass } from './migrations.js';

class CreateNotes1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE notes (id int)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE notes');
  }
}

/** Hands messages straight to the handlers, and drains as every strategy of ours has to. */
class DirectStrategy extends Server {
  private readonly running = new Set<Promise<unknown>>();

  listen(callback: () => void): void {
    callback();
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.running);
  }

  on(): void {}

  unwrap<Client>(): Client {
    throw new Error('There is no client');
  }

  ask(pattern: string, data: unknown): Promise<unknown> {
    const handler = this.messageHandlers.get(pattern);
    if (!handler) throw new Error(`Nobody answers ${pattern}`);
    const running = handler(data).then((result) =>
      isObservable(result) ? lastValueFrom(result) : (result as unknown),
    );
    this.running.add(running);
    return running;
  }
}

/** Lets a test see the error itself. */
@Catch()
class PassOn implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** Opened by a test to let the handler go on. */
let gate: PromiseWithResolvers<void>;

@Controller()
class NotesController {
  constructor(private readonly database: Database) {}

  @MessagePattern('notes.read')
  async read(@Payload() { afterVersion }: ReadStreamRequest): Promise<unknown> {
    await gate.promise;
    return this.database.transaction((tx) =>
      tx.rows('SELECT id FROM notes WHERE id > $1', [afterVersion]),
    );
  }
}

const request = { streamId: '018f3f58-7f2c-7000-8000-000000000000', afterVersion: 0 };
let test: TestDatabase;
let service: RunningService | undefined;
let strategy: DirectStrategy;

beforeAll(async () => {
  test = await testDatabase([CreateNotes1700000000001]);
});
afterAll(() => test.drop());
afterEach(async () => {
  gate?.resolve();
  await service?.close().catch(() => undefined);
  service = undefined;
});

function configOf(overrides: Record<string, string> = {}): ServiceConfig {
  return serviceConfig({
    DATABASE_URL: test.url,
    NATS_URL: 'nats://127.0.0.1',
    LOG_LEVEL: 'silent',
    ...overrides,
  });
}

async function start(
  config = configOf(),
  migrations: MigrationClass[] = [CreateNotes1700000000001],
): Promise<RunningService> {
  gate = Promise.withResolvers();
  strategy = new DirectStrategy();
  @Module({
    imports: [DatabaseModule.forRoot({ config, migrations })],
    controllers: [NotesController],
  })
  class NotesModule {}
  service = await startService({
    name: 'notes',
    module: NotesModule,
    config,
    strategy: () => strategy,
    prepare: (app) => void app.useGlobalFilters(new PassOn()),
  });
  return service;
}

async function connections(): Promise<number> {
  const { rowCount } = await test
    .pool()
    .query(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'notes'`);
  return rowCount ?? 0;
}

describe('startService', () => {
  it('is ready when it says so, with a role that may not change the schema', async () => {
    const { port } = await start();
    const reply = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect(await reply.json()).toEqual({ status: 'ok', checks: { postgres: 'up' } });
  });

  it.each(['/healthz', '/readyz', '/metrics'])('serves %s for every service', async (path) => {
    const { port } = await start();
    expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(200);
  });

  it('refuses a message that breaks the rules of its class', async () => {
    await start();
    const refused = strategy.ask('notes.read', { ...request, afterVersion: -1 });
    await expect(refused).rejects.toMatchObject({ code: 'validation-failed' });
  });

  it('refuses to start on a schema that is behind, and says what is missing', async () => {
    class AddMore1700000000002 extends CreateNotes1700000000001 {}
    const behind = start(configOf(), [CreateNotes1700000000001, AddMore1700000000002]);
    await expect(behind).rejects.toThrow('AddMore1700000000002');
    await eventually(async () => (await connections()) === 0);
  });

  it('says that its port is taken, and lets go of the database', async () => {
    const first = await start();
    const second = start(configOf({ PORT: String(first.port) }));
    await expect(second).rejects.toThrow('EADDRINUSE');
    await first.close();
    await eventually(async () => (await connections()) === 0);
  });
});

describe('close', () => {
  it('finishes what is in flight, with the database, while no longer ready', async () => {
    const { port, close } = await start();
    const inFlight = strategy.ask('notes.read', request);
    const closing = close();
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503);
    gate.resolve();
    expect(await inFlight).toEqual([]);
    await closing;
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
    await eventually(async () => (await connections()) === 0);
  });

  it('may be called again', async () => {
    const { close } = await start();
    gate.resolve();
    await Promise.all([close(), close()]);
    await close();
  });

  it('gives up on work that does not end in time', async () => {
    const { close } = await start(configOf({ DRAIN_MS: '100' }));
    void strategy.ask('notes.read', request);
    await expect(close()).rejects.toThrow('100 ms');
  });
});
