import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { eventually } from '@flotilla/testing/eventually';
import { type TestRedis, testRedis } from '@flotilla/testing/redis';
import { RedisLink } from '@flotilla/runtime/redis-link';
import { gatewayConfig } from '../config.js';
import { RateLimiter } from './rate-limiter.js';
import { RedisWindows } from './redis-windows.js';
import { PARTS } from './sliding-window.js';

describe('strict limits', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let limiter: RateLimiter;
  const start = (redisUrl: string | undefined) => {
    const config = gatewayConfig({ NATS_URL: 'nats://none', REDIS_URL: redisUrl });
    const metrics = new Metrics('gateway');
    link = new RedisLink(config, createLogger('gateway', 'silent'), metrics);
    limiter = new RateLimiter(link, config, metrics);
    link.onModuleInit();
    return config.limits;
  };

  beforeAll(async () => {
    redis = await testRedis();
  });
  beforeEach(() => redis.restart());
  afterEach(() => link.onApplicationShutdown());
  afterAll(() => redis.stop());

  it('are refused rather than guessed at while Redis is away, and go on where they were', async () => {
    const { signIn, anonymous } = start(redis.url);
    const take = () => limiter.take(signIn, '203.0.113.1', { sensitive: true });
    await eventually(async () => (await take()).exact);
    const before = (await take()).remaining;
    await redis.kill();
    await eventually(() =>
      expect(take()).rejects.toMatchObject({
        code: 'unavailable',
        details: { retryAfterSeconds: 1 },
      }),
    );
    expect(await limiter.take(anonymous, '203.0.113.1')).toMatchObject({ admitted: true });
    await redis.restart();
    await eventually(async () => (await take()).exact);
    expect((await take()).remaining).toBeLessThan(before);
  });

  it('get back, in Redis as here, what was charged at several times', async () => {
    start(redis.url);
    const window = { limit: 5, windowMs: 3_200 };
    const charge = (units: number) => new RedisWindows(link).charge('account', window, units);
    await eventually(() => charge(1));
    const apart = performance.now() + 2 * (window.windowMs / PARTS);
    await eventually(() => performance.now() > apart);
    await charge(1);
    expect(await charge(-2)).toMatchObject({ admitted: true, remaining: 5 });
  });

  it('count by the gateway itself where there is no Redis at all, so that people can sign in', async () => {
    const { signIn } = start(undefined);
    for (let i = 0; i < 20; i += 1) {
      const decision = await limiter.take(signIn, '203.0.113.2', { sensitive: true });
      expect(decision).toMatchObject({ admitted: true, exact: true });
    }
    const decision = await limiter.take(signIn, '203.0.113.2', { sensitive: true });
    expect(decision.admitted).toBe(false);
  });
});
