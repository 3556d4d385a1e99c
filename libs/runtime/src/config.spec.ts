import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  bool,
  ConfigError,
  loadConfig,
  port,
  processConfig,
  serviceConfig,
  str,
} from './config.js';

const NEEDED = {
  NATS_URL: 'nats://127.0.0.1:4222',
  DATABASE_URL: 'postgres://orders@127.0.0.1/orders',
};

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('serviceConfig', () => {
  it('needs to be told nothing but where NATS and the database are', () => {
    expect(serviceConfig(NEEDED)).toEqual({
      host: '127.0.0.1',
      port: 0,
      natsUrl: NEEDED.NATS_URL,
      natsReplicas: 1,
      databaseUrl: NEEDED.DATABASE_URL,
      logLevel: 'info',
      otlpEndpoint: undefined,
      poolMax: 10,
      eventConcurrency: 5,
      slowStatementMs: 200,
      startTimeoutMs: 30_000,
      drainMs: 10_000,
    });
  });

  it('never lets events take every connection of a pool that has several', () => {
    for (const poolMax of [2, 3, 10]) {
      const { eventConcurrency } = serviceConfig({ ...NEEDED, POOL_MAX: String(poolMax) });
      expect(eventConcurrency).toBeLessThan(poolMax);
      expect(eventConcurrency).toBeGreaterThan(0);
    }
  });

  it('lists every problem at once and no value', () => {
    const wrong = { PORT: '70000', POOL_MAX: '0', LOG_LEVEL: 'hunter2', DATABASE_URL: 'hunter2' };
    expect(problemsOf(() => serviceConfig(wrong)).toSorted()).toEqual([
      'DATABASE_URL is not valid',
      'LOG_LEVEL is not valid',
      'NATS_URL is missing',
      'POOL_MAX is not valid',
      'PORT is not valid',
    ]);
    expect(() => serviceConfig(wrong)).toThrow(expect.not.stringContaining('hunter2'));
  });
});

describe('processConfig', () => {
  it('does without a database', () => {
    expect(processConfig({ NATS_URL: NEEDED.NATS_URL })).not.toHaveProperty('databaseUrl');
  });
});

describe('loadConfig', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'config-'));
    writeFileSync(join(directory, 'secret'), 's3cret\n');
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('reads a mounted secret, without its line end', () => {
    const PEPPER_FILE = join(directory, 'secret');
    for (const env of [{ PEPPER_FILE }, { PEPPER_FILE, PEPPER: '' }]) {
      expect(loadConfig({ PEPPER: str() }, env)).toEqual({ PEPPER: 's3cret' });
    }
  });

  it('refuses a file that is not there, and a variable given twice', () => {
    const absent = { PEPPER_FILE: join(directory, 'absent') };
    expect(problemsOf(() => loadConfig({ PEPPER: str() }, absent))).toEqual([
      'PEPPER_FILE cannot be read',
    ]);
    const twice = { PEPPER: 'a', PEPPER_FILE: join(directory, 'secret') };
    expect(problemsOf(() => loadConfig({ PEPPER: str() }, twice))).toEqual([
      'PEPPER and PEPPER_FILE are both set',
    ]);
  });

  it('takes an empty variable for an absent one', () => {
    expect(loadConfig({ DEMO: bool({ default: false }) }, { DEMO: '' })).toEqual({ DEMO: false });
    expect(problemsOf(() => loadConfig({ DEMO: bool() }, { DEMO: '' }))).toEqual([
      'DEMO is missing',
    ]);
  });

  it.each(['-1', '65536', '80.5', '0x50', ' 80', 'http'])('takes %p for no port', (input) => {
    expect(problemsOf(() => loadConfig({ PORT: port() }, { PORT: input }))).toEqual([
      'PORT is not valid',
    ]);
  });
});
