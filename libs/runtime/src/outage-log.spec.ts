import { AppError } from '@flotilla/contracts/errors';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.js';
import { OutageLog } from './outage-log.js';

const away = new AppError('unavailable', 'Temporarily unavailable.', {
  details: { retryAfterSeconds: 1 },
  cause: new Error('connect ECONNREFUSED'),
});

let lines: string[];
let outages: OutageLog;

beforeEach(() => {
  lines = [];
  outages = new OutageLog(createLogger('orders', 'info', { write: (line) => lines.push(line) }));
});

describe('OutageLog', () => {
  it('tells why a request was refused', () => {
    outages.note(away, 'orders.place-order.v1');
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'warn',
      place: 'orders.place-order.v1',
      err: { code: 'unavailable', cause: { message: 'connect ECONNREFUSED' } },
    });
  });

  it('does not flood the log while something is away', () => {
    for (let refusal = 0; refusal < 1_000; refusal += 1) outages.note(away, 'orders.get-order.v1');
    expect(lines).toHaveLength(1);
    outages.note(away, 'orders.place-order.v1');
    expect(lines).toHaveLength(2);
  });

  it('says nothing of refusals that are no outage or have no cause', () => {
    outages.note(new AppError('not-found', 'No.', { cause: new Error('x') }), 'a');
    outages.note(new AppError('deadline-exceeded', 'There was no time left.'), 'a');
    expect(lines).toEqual([]);
  });
});
