import type { Actor } from '@flotilla/contracts/actor';
import { AppError, isAppError } from '@flotilla/contracts/errors';
import { operation } from '@flotilla/contracts/operation';
import { currentContext, remainingMs, runInContext } from '@flotilla/runtime/request-context';
import { eventually } from '@flotilla/testing/eventually';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { connect } from '@nats-io/transport-node';
import { IsInt, IsOptional, IsString, Max } from 'class-validator';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestService, type TestService } from '../test/service.js';
import { Caller } from './caller.js';
import { ERROR_HEADER } from './headers.js';
import type { RequestMessage } from './request-message.js';
import type { MessagingOptions } from './messaging-options.js';

class EchoRequest {
  @IsString()
  text: string;

  @IsOptional()
  @IsInt()
  @Max(10_000)
  delayMs?: number;
}

interface EchoReply {
  text: string;
  requestId?: string;
  remainingMs: number;
  userId: string | null;
}

const Echo = operation<EchoReply>()('echo.say.v1', EchoRequest, { idempotent: true });
const EchoSignedIn = operation<string>()('echo.say-signed-in.v1', EchoRequest, {
  idempotent: true,
});
const Fail = operation<never>()('echo.fail.v1', EchoRequest, { idempotent: true });
const Nobody = operation<never>()('nobody.home.v1', EchoRequest, { idempotent: true });

const ACTOR: Actor = { userId: 'usr_Zoë☃', mode: 'test', permissions: ['orders:read'] };

let handled: string[] = [];

@Controller()
class EchoController {
  @MessagePattern(Echo.subject)
  async say(
    @Payload() request: EchoRequest,
    @Caller({ optional: true }) actor: Actor | null,
  ): Promise<EchoReply> {
    handled.push(request.text);
    if (request.delayMs) await sleep(request.delayMs);
    const context = currentContext();
    return {
      text: request.text,
      requestId: context?.requestId,
      remainingMs: remainingMs(context),
      userId: actor?.userId ?? null,
    };
  }

  @MessagePattern(EchoSignedIn.subject)
  saySignedIn(@Payload() _request: EchoRequest, @Caller() actor: Actor): string {
    return actor.userId;
  }

  @MessagePattern(Fail.subject)
  fail(@Payload() { text }: EchoRequest): never {
    if (text === 'short') {
      throw new AppError('insufficient-stock', 'Not enough.', {
        details: { lines: [{ sku: 'A', requested: 2, available: 1 }] },
        cause: new Error('for operators only'),
      });
    }
    if (text === 'away') {
      throw new AppError('unavailable', 'Not now.', {
        details: { retryAfterSeconds: 1 },
        cause: new Error('connect ECONNREFUSED'),
      });
    }
    throw new Error('secret of the database');
  }
}

describe('requests over NATS', () => {
  let nats: TestNats;
  const running: TestService[] = [];

  beforeAll(async () => {
    nats = await testNats();
  });
  afterEach(async () => {
    handled = [];
    await Promise.all(running.splice(0).map((service) => service.close()));
  });
  afterAll(() => nats.stop());

  async function start(options: Partial<MessagingOptions> = {}): Promise<TestService> {
    const service = await startTestService({ service: 'echo', natsUrl: nats.url, ...options }, [
      EchoController,
    ]);
    running.push(service);
    return service;
  }

  async function caller(): Promise<TestService> {
    const service = await startTestService({ service: 'caller', natsUrl: nats.url });
    running.push(service);
    return service;
  }

  const codeOf = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => 'answered',
      (error: unknown) => (isAppError(error) ? error.code : error),
    );

  it('carry request id, actor and remaining time to the handler', async () => {
    await start();
    const { rpc } = await caller();
    const context = { requestId: 'req-1', actor: ACTOR, deadline: performance.now() + 700 };
    const reply = await runInContext(context, () => rpc.call(Echo, { text: 'hello' }));
    expect(reply).toMatchObject({ text: 'hello', requestId: 'req-1', userId: ACTOR.userId });
    expect(reply.remainingMs).toBeLessThanOrEqual(700);
    expect(reply.remainingMs).toBeGreaterThan(0);
  });

  it('are refused as unauthenticated when a handler needs a caller and there is none', async () => {
    await start();
    const { rpc } = await caller();
    expect(await codeOf(rpc.call(EchoSignedIn, { text: 'x' }))).toBe('unauthenticated');
    expect(await rpc.call(EchoSignedIn, { text: 'x' }, { actor: ACTOR })).toBe(ACTOR.userId);
  });

  it('fail with the code, message and details that the service threw, and without its cause', async () => {
    await start();
    const { rpc } = await caller();
    const error: unknown = await rpc
      .call(Fail, { text: 'short' })
      .catch((reason: unknown) => reason);
    expect(isAppError(error, 'insufficient-stock') && error.toWire()).toEqual({
      code: 'insufficient-stock',
      kind: 'conflict',
      message: 'Not enough.',
      details: { lines: [{ sku: 'A', requested: 2, available: 1 }] },
    });
    expect((error as Error).cause).toBeUndefined();
  });

  it('hide any other error behind `internal` and log it once, with request id and stack', async () => {
    const service = await start();
    const { rpc } = await caller();
    const error: unknown = await runInContext({ requestId: 'req-2' }, () =>
      rpc.call(Fail, { text: 'x' }),
    ).catch((reason: unknown) => reason);
    expect(isAppError(error, 'internal')).toBe(true);
    expect(JSON.stringify(error)).not.toContain('secret');
    const lines = service.logs.filter((line) => line.includes('secret of the database'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"requestId":"req-2"');
    expect(lines[0]).toContain('rpc.int.spec');
  });

  it('refused because something is away leave the reason in the log, not in the answer', async () => {
    const service = await start();
    const { rpc } = await caller();
    const error: unknown = await runInContext({ requestId: 'req-3' }, () =>
      rpc.call(Fail, { text: 'away' }),
    ).catch((reason: unknown) => reason);
    expect(isAppError(error, 'unavailable') && error.cause).toBeUndefined();
    const lines = service.logs.filter((line) => line.includes('ECONNREFUSED'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"requestId":"req-3"');
  });

  it('name the fields that are not valid', async () => {
    await start();
    const { rpc } = await caller();
    const request = { text: 1, other: 2 } as unknown as EchoRequest;
    const error: unknown = await rpc.call(Echo, request).catch((reason: unknown) => reason);
    expect(isAppError(error, 'validation-failed')).toBe(true);
    const { details } = error as AppError<'validation-failed'>;
    expect(details?.errors.map((field) => field.pointer).sort()).toEqual(['/other', '/text']);
  });

  it('that are not JSON are answered with malformed-json', async () => {
    await start();
    const url = new URL(nats.url);
    const raw = await connect({ servers: url.host, user: url.username, pass: url.password });
    const reply = await raw.request(Echo.subject, '{"text":', { timeout: 2_000 });
    expect(reply.headers?.get(ERROR_HEADER)).toBe('malformed-json');
    await raw.close();
  });

  it('end with deadline-exceeded when the service is slower than the caller waits', async () => {
    await start();
    const { rpc } = await caller();
    const slow = rpc.call(Echo, { text: 'x', delayMs: 500 }, { timeoutMs: 100 });
    expect(await codeOf(slow)).toBe('deadline-exceeded');
  });

  it('are not sent when there is no time left', async () => {
    await start();
    const { rpc } = await caller();
    const late = runInContext({ requestId: 'r', deadline: performance.now() - 1 }, () =>
      codeOf(rpc.call(Echo, { text: 'late' })),
    );
    expect(await late).toBe('deadline-exceeded');
    await rpc.call(Echo, { text: 'after' });
    expect(handled).toEqual(['after']);
  });

  it('that were sent without time left are not handled', async () => {
    const service = await start();
    const url = new URL(nats.url);
    const raw = await connect({ servers: url.host, user: url.username, pass: url.password });
    const late: RequestMessage = { timeoutMs: 0, requestId: 'r', request: { text: 'late' } };
    raw.publish(Echo.subject, JSON.stringify(late));
    await eventually(async () => (await service.metrics.text()).includes('outcome="expired"'));
    expect(handled).toEqual([]);
    await raw.close();
  });

  it('that are too large for the broker are refused as payload-too-large', async () => {
    await start();
    const { rpc } = await caller();
    const call = rpc.call(Echo, { text: 'x'.repeat(2 ** 23) });
    expect(await codeOf(call)).toBe('payload-too-large');
  });

  it('fail with unavailable, not at their deadline, when nobody serves them', async () => {
    const { rpc } = await caller();
    const error: unknown = await rpc.call(Nobody, { text: 'x' }).catch((reason: unknown) => reason);
    expect(isAppError(error, 'unavailable') && error.details).toEqual({ retryAfterSeconds: 1 });
  });

  it('are shared by the replicas of a service: each is handled once', async () => {
    const first = await start();
    const second = await start();
    const { rpc } = await caller();
    const texts = Array.from({ length: 200 }, (_, index) => String(index));
    await Promise.all(texts.map((text) => rpc.call(Echo, { text })));
    expect(handled.toSorted()).toEqual(texts.toSorted());
    for (const { metrics } of [first, second]) {
      expect(await metrics.text()).toMatch(/rpc_server_seconds_count.* [1-9]/);
    }
  });

  it('beyond maxInFlight are refused as unavailable while those within it are answered', async () => {
    await start({ maxInFlight: 2 });
    const { rpc } = await caller();
    const calls = Array.from({ length: 5 }, () =>
      codeOf(rpc.call(Echo, { text: 'x', delayMs: 200 })),
    );
    expect((await Promise.all(calls)).toSorted()).toEqual([
      'answered',
      'answered',
      'unavailable',
      'unavailable',
      'unavailable',
    ]);
    expect(await codeOf(rpc.call(Echo, { text: 'x' }))).toBe('answered');
  });

  it('lose nothing while one replica after the other is replaced under load', async () => {
    let replicas = [await start(), await start()];
    const { rpc } = await caller();
    const outcomes = new Map<unknown, number>();
    let loading = true;
    const load = Array.from({ length: 20 }, async () => {
      while (loading) {
        const outcome = await codeOf(rpc.call(Echo, { text: 'x', delayMs: 5 }));
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    });
    for (let restart = 0; restart < 6; restart += 1) {
      const [oldest, other] = replicas;
      await oldest!.close();
      replicas = [other!, await start()];
    }
    loading = false;
    await Promise.all(load);
    expect([...outcomes.keys()]).toEqual(['answered']);
    expect(outcomes.get('answered')).toBeGreaterThan(100);
  });

  it('in flight when a service stops are answered before it is gone', async () => {
    const service = await start();
    const { rpc } = await caller();
    const slow = rpc.call(Echo, { text: 'slow', delayMs: 300 });
    await eventually(() => handled.includes('slow'));
    await service.close();
    expect((await slow).text).toBe('slow');
  });

  it('fail with unavailable, not at their deadline, while the broker is away, and work again after it is back', async () => {
    const own = await testNats();
    const service = await startTestService({ service: 'echo', natsUrl: own.url }, [EchoController]);
    try {
      await service.rpc.call(Echo, { text: 'before' });
      await own.kill();
      await eventually(
        async () => (await codeOf(service.rpc.call(Echo, { text: 'x' }))) === 'unavailable',
      );
      expect(await codeOf(service.rpc.call(Echo, { text: 'x' }))).toBe('unavailable');
      await own.restart();
      await eventually(
        async () => (await service.rpc.call(Echo, { text: 'after' })).text === 'after',
      );
    } finally {
      await service.close();
      await own.stop();
    }
  });

  it('reach a service that was started before the broker', async () => {
    const own = await testNats();
    await own.kill();
    const service = await startTestService({ service: 'echo', natsUrl: own.url }, [EchoController]);
    try {
      expect(await codeOf(service.rpc.call(Echo, { text: 'x' }))).toBe('unavailable');
      await own.restart();
      await eventually(
        async () => (await service.rpc.call(Echo, { text: 'after' })).text === 'after',
      );
    } finally {
      await service.close();
      await own.stop();
    }
  });
});
