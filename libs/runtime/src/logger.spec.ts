import { beforeEach, describe, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { createLogger, type Logger, NestLogger } from './logger.js';
import { runInContext } from './request-context.js';
import { extract } from './tracing.js';

let lines: string[];
let logger: Logger;

beforeEach(() => {
  lines = [];
  logger = createLogger('orders', 'debug', { write: (line) => void lines.push(line) });
});

function lastLine(): Record<string, unknown> {
  return JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>;
}

describe('createLogger', () => {
  it('says which service, user, key and trace a line belongs to', () => {
    const actor = { userId: 'usr_1', keyId: 'key_1', mode: 'live', permissions: [] } as const;
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    extract(
      (name) => (name === 'traceparent' ? `00-${traceId}-00f067aa0ba902b7-01` : undefined),
      () => runInContext({ requestId: 'req-1', actor }, () => logger.info({ lines: 3 }, 'placed')),
    );
    expect(lastLine()).toMatchObject({
      level: 'info',
      service: 'orders',
      requestId: 'req-1',
      userId: 'usr_1',
      keyId: 'key_1',
      traceId,
      lines: 3,
      msg: 'placed',
    });
  });

  it('writes no secret, however it is nested', () => {
    const secret = 'hunter2';
    logger.info(
      {
        password: secret,
        headers: { authorization: secret, cookie: secret, 'x-api-key': secret },
        request: { body: { token: secret, key: secret } },
        databaseUrl: secret,
      },
      'request',
    );
    expect(lines.join()).not.toContain(secret);
    expect(lastLine()).toMatchObject({ headers: { cookie: '[redacted]' } });
  });

  it('writes an error with its causes, and no value of a statement or row', () => {
    const fromPostgres = Object.assign(new Error('duplicate key value'), {
      code: '23505',
      detail: 'Key (email)=(ada@example.com) already exists.',
      where: 'ada@example.com',
    });
    const failed = new QueryFailedError('INSERT …', ['ada@example.com'], fromPostgres);
    logger.error({ err: new Error('could not register', { cause: failed }) }, 'failed');

    expect(lines.join()).not.toContain('ada@example.com');
    expect(lastLine()).toMatchObject({
      err: {
        message: 'could not register',
        stack: expect.stringContaining('logger.spec'),
        cause: { type: 'QueryFailedError', code: '23505' },
      },
    });
  });

  it('writes the first of many errors that come as one', () => {
    const errors = Array.from({ length: 1_000 }, (_, index) => new Error(`order ${index}`));
    logger.error({ err: new AggregateError(errors, 'not all expired') }, 'failed');
    const { err } = lastLine() as { err: { errors: unknown[] } };
    expect(err.errors).toHaveLength(5);
    expect(err.errors[0]).toMatchObject({ message: 'order 0' });
  });

  it('survives an error that is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    logger.error({ err: error }, 'failed');
    expect(lastLine()).toMatchObject({ msg: 'failed' });
  });
});

describe('NestLogger', () => {
  it('leaves the running commentary of Nest to debugging, not its errors', () => {
    const nest = new NestLogger(logger);
    nest.log('Mapped {/healthz, GET} route', 'RouterExplorer');
    expect(lastLine()).toMatchObject({ level: 'debug', context: 'RouterExplorer' });
    nest.error('broken', 'Error: broken\n    at x', 'RpcExceptionsHandler');
    expect(lastLine()).toMatchObject({
      level: 'error',
      msg: 'broken',
      context: 'RpcExceptionsHandler',
      stack: expect.stringContaining('at x'),
    });
  });
});
