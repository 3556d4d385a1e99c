import { Metrics } from '@flotilla/runtime/metrics';
import type { RedisLink } from '@flotilla/runtime/redis-link';
import { expect, test } from '@jest/globals';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { EdgeContext } from '../http/edge-context.js';
import { enforce, takeMore } from './enforce.js';
import { RateLimiter } from './rate-limiter.js';

const policy = (name: string, limit: number) => ({ name, limit, windowMs: 60_000 });

test('what a later one of several limits refuses, the earlier ones get back in whole', async () => {
  const withoutRedis = { isConfigured: false } as RedisLink;
  const limiter = new RateLimiter(withoutRedis, { replicas: 1 } as GatewayConfig, new Metrics('x'));
  const headers: Record<string, string> = {};
  const reply = {
    header: (name: string, value: string) => void (headers[name] = value),
  } as unknown as FastifyReply;
  const request = { edge: new EdgeContext('id', true, 'v1', '/api') } as FastifyRequest;
  const [wide, narrow] = [policy('wide', 10), policy('narrow', 3)];
  for (const one of [wide, narrow]) await enforce(limiter, request, reply, one, 'somebody');

  await expect(takeMore(limiter, request, reply, 4)).rejects.toMatchObject({
    code: 'rate-limited',
  });

  expect(headers.ratelimit).toMatch(/^"wide";r=10;t=\d+, "narrow";r=3;t=\d+$/);
  expect(await limiter.take(wide, 'somebody', { units: 10 })).toMatchObject({ admitted: true });
  expect(await limiter.take(narrow, 'somebody', { units: 3 })).toMatchObject({ admitted: true });
});
