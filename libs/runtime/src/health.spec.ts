import { afterEach, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { HealthModule, HealthRegistry } from './health.js';
import { createLogger } from './logger.js';
import { Metrics } from './metrics.js';
import { RuntimeModule } from './runtime.module.js';

const silent = createLogger('orders', 'silent');
let app: NestFastifyApplication;

async function start(options = { metrics: true }): Promise<HealthRegistry> {
  app = await NestFactory.create<NestFastifyApplication>(
    { imports: [RuntimeModule.forRoot('orders', silent), HealthModule.forRoot(options)] },
    new FastifyAdapter(),
    { logger: false, abortOnError: false },
  );
  await app.init();
  return app.get(HealthRegistry);
}

async function get(url: string): Promise<{ status: number; body: unknown }> {
  const reply = await app.inject({ url });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
}

afterEach(() => app.close());

describe('/readyz', () => {
  it('names every dependency, and is 503 while one is down', async () => {
    const registry = await start();
    registry.register('nats', () => Promise.resolve());
    registry.register('postgres', () => Promise.reject(new Error('password hunter2 refused')));
    expect(await get('/readyz')).toEqual({
      status: 503,
      body: { status: 'unavailable', checks: { nats: 'up', postgres: 'down' } },
    });
    registry.register('postgres', () => Promise.resolve());
    expect(await get('/readyz')).toEqual({
      status: 200,
      body: { status: 'ok', checks: { nats: 'up', postgres: 'up' } },
    });
  });

  it('does not wait for a dependency that does not answer', async () => {
    const registry = await start();
    registry.register('postgres', () => new Promise(() => undefined));
    expect(await get('/readyz')).toMatchObject({ status: 503 });
  });

  it('is 503 while draining, and the process alive', async () => {
    const registry = await start();
    registry.draining = true;
    expect(await get('/readyz')).toMatchObject({ status: 503 });
    expect(await get('/healthz')).toEqual({ status: 200, body: { status: 'ok' } });
  });
});

describe('/metrics', () => {
  it('is served on a private port', async () => {
    await start();
    app.get(Metrics).counter('placed_total', 'Orders').inc(3);
    const reply = await app.inject({ url: '/metrics' });
    expect(reply.headers['content-type']).toContain('text/plain');
    expect(reply.body).toContain('placed_total{service="orders"} 3');
  });

  it('is not served on a public one', async () => {
    await start({ metrics: false });
    expect(await get('/metrics')).toMatchObject({ status: 404 });
  });
});
