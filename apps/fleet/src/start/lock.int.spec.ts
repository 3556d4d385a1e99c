import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { identify, isAlive } from '@flotilla/servers/process-identity';
import { testRun } from '@flotilla/testing/test-run';
import { readJson, writeJson } from '../fleet-directory.js';
import { FleetLock, FleetRunning } from './lock.js';

let path: string;
let other: ChildProcess;

beforeEach(async () => {
  path = join(testRun.directory('lock'), 'lock.json');
  other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(other, 'spawn');
});
afterEach(async () => {
  if (other.exitCode !== null || other.signalCode !== null) return;
  other.kill('SIGKILL');
  await once(other, 'exit');
});

const take = () => FleetLock.take('here', path);
const starterOf = () => readJson<{ starter: { pid: number } }>(path)?.starter.pid;

describe('the lock of a directory', () => {
  it('is refused while the process that holds it runs, and says which', async () => {
    writeJson(path, { starter: identify(other.pid!), services: [] });
    await expect(take()).rejects.toThrow(FleetRunning);
    await expect(take()).rejects.toThrow(`kill ${other.pid}`);
  });

  it('is waited for while its holder is stopping', async () => {
    writeJson(path, { starter: identify(other.pid!), services: [], stopping: true });
    const taken = take();
    other.kill('SIGKILL');
    await taken;
    expect(starterOf()).toBe(process.pid);
  });

  it('is taken over from a holder that was killed, and its services are ended first', async () => {
    const service = identify(other.pid!)!;
    writeJson(path, { starter: { pid: 1, startedAt: 'long ago' }, services: [service] });

    await take();
    expect(starterOf()).toBe(process.pid);
    expect(isAlive(service)).toBe(false);
  });

  it('spares a process that has the pid of a service of old', async () => {
    const stranger = identify(other.pid!)!;
    const service = { ...stranger, startedAt: 'long ago' };
    writeJson(path, { starter: { pid: 1, startedAt: 'long ago' }, services: [service] });

    await take();
    expect(isAlive(stranger)).toBe(true);
  });

  it('is free after its release', async () => {
    (await take()).release();
    expect(starterOf()).toBeUndefined();
    await take();
  });

  it('goes to one of many who find a dead holder at the same time', async () => {
    writeJson(path, { starter: { pid: 1, startedAt: 'long ago' }, services: [] });
    const outcomes = await Promise.allSettled([take(), take(), take()]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
