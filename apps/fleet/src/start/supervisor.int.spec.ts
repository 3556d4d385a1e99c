import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@flotilla/testing/eventually';
import { testRun } from '@flotilla/testing/test-run';
import type { Service } from '../services.js';
import type { ProcessSpec } from './service-process.js';
import { Supervisor } from './supervisor.js';

/** Says that it is ready, notes when it is asked to stop, and ends when its starter is gone. */
const SERVICE = `
  const { appendFileSync } = require('node:fs');
  process.on('SIGTERM', () => {
    appendFileSync(process.env.NOTES, process.env.NAME + '\\n');
    process.exit(0);
  });
  process.on('disconnect', () => process.exit(0));
  process.send({ type: 'ready', port: 4000 });
`;

let directory: string;
let reports: string[];
let changes: number;
let supervisor: Supervisor;

beforeEach(() => {
  directory = testRun.directory('supervisor');
  writeFileSync(join(directory, 'service.cjs'), SERVICE);
  writeFileSync(join(directory, 'broken.cjs'), "console.log('no database'); process.exit(1)");
  reports = [];
  changes = 0;
  supervisor = new Supervisor({
    report: (line) => reports.push(line),
    changed: () => (changes += 1),
  });
});
afterEach(() => supervisor.stop());

function spec(service: Service, over: Partial<ProcessSpec> = {}): ProcessSpec {
  return {
    name: service,
    services: [service],
    file: join(directory, 'service.cjs'),
    logFile: join(directory, `${service}.log`),
    env: {
      ...process.env,
      NAME: service,
      NOTES: join(directory, 'notes'),
    },
    ...over,
  };
}
const pidOf = (service: Service) =>
  supervisor.processes().find((process) => process.service === service)!.pid;

describe('a supervised process', () => {
  it('is started again when it is killed, and whoever keeps the list is told', async () => {
    await supervisor.start([spec('orders')]);
    const before = pidOf('orders');
    process.kill(before, 'SIGKILL');

    await eventually(() => reports.some((line) => line.includes('orders is back')));
    expect(pidOf('orders')).not.toBe(before);
    expect(supervisor.processes()).toEqual([
      { service: 'orders', pid: pidOf('orders'), port: 4000 },
    ]);
    expect(reports[0]).toContain(`orders (pid ${before}) ended with SIGKILL`);
    expect(changes).toBeGreaterThan(0);
  });

  it('that ends before it is ready fails the start, with the end of its log', async () => {
    const broken = spec('users', { file: join(directory, 'broken.cjs') });
    await expect(supervisor.start([broken])).rejects.toThrow(
      /users ended with exit code 1.*no database/s,
    );
  });

  it('that ends before it is ready may have written any amount of logs before', async () => {
    writeFileSync(
      join(directory, 'loud.cjs'),
      `require('node:fs').ftruncateSync(1, ${2 ** 30}); console.log('\\nno database'); process.exit(1)`,
    );
    const loud = spec('users', { file: join(directory, 'loud.cjs') });
    const failure = await supervisor.start([loud]).catch((error: Error) => error.message);
    expect(failure).toMatch(/users ended with exit code 1.*no database$/s);
    expect(failure!.length).toBeLessThan(20_000);
  });

  it('is started again whatever the size of its log, which is set aside', async () => {
    const orders = spec('orders');
    await supervisor.start([orders]);
    truncateSync(orders.logFile, 2 ** 30);
    process.kill(pidOf('orders'), 'SIGKILL');

    await eventually(() => reports.some((line) => line.includes('orders is back')));
    expect(statSync(orders.logFile).size).toBe(0);
    expect(statSync(`${orders.logFile}.1`).size).toBe(2 ** 30);
  });

  it('is not started again once all are stopped, and gateways stop before the services behind them', async () => {
    await supervisor.start([spec('orders'), spec('gateway'), spec('users')]);
    await supervisor.stop();

    const notes = readFileSync(join(directory, 'notes'), 'utf8').trim().split('\n');
    expect(notes[0]).toBe('gateway');
    expect(notes.toSorted()).toEqual(['gateway', 'orders', 'users']);
    expect(reports).toEqual([]);
    await expect(supervisor.start([spec('orders')])).rejects.toThrow();
  });
});
