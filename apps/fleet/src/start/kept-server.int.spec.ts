import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { RunningServer } from '@flotilla/servers/child-process';
import { eventually } from '@flotilla/testing/eventually';
import { KeptServer } from './kept-server.js';

const started: RunningServer[] = [];
const alive = () => started.filter(({ pid }) => isAlive(pid)).length;
afterEach(async () => {
  for (const server of started.splice(0)) await server.kill();
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A process that does nothing, in the place of a server. */
function server(): RunningServer {
  const child = spawn('sleep', ['600']);
  const exited = once(child, 'exit').then(() => undefined);
  const end = (signal: NodeJS.Signals) => () => {
    child.kill(signal);
    return exited;
  };
  const url = 'nats://127.0.0.1:4222';
  const running = { url, pid: child.pid!, exited, stop: end('SIGTERM'), kill: end('SIGKILL') };
  started.push(running);
  return running;
}

describe('a kept server', () => {
  it('is started again on its port when it is killed, until it is stopped', async () => {
    const ports: (number | undefined)[] = [];
    const kept = await KeptServer.start(
      'NATS',
      ({ port }) => {
        ports.push(port);
        return Promise.resolve(server());
      },
      () => undefined,
    );
    await started[0]!.kill();
    await eventually(() => started.length === 2);
    await kept.stop();

    expect(ports).toEqual([undefined, 4222]);
    expect(alive()).toBe(0);
  });

  it('that is stopped while it is being started again leaves no process behind', async () => {
    const gate = Promise.withResolvers<void>();
    let starts = 0;
    const kept = await KeptServer.start(
      'NATS',
      async () => {
        starts += 1;
        if (starts > 1) await gate.promise;
        return server();
      },
      () => undefined,
    );
    await started[0]!.kill();
    await eventually(() => starts === 2);
    const stopped = kept.stop();
    gate.resolve();
    await stopped;

    expect(alive()).toBe(0);
  });

  it('that does not come back does not keep anybody from stopping', async () => {
    let starts = 0;
    const kept = await KeptServer.start(
      'NATS',
      ({ signal }) => {
        starts += 1;
        if (starts === 1) return Promise.resolve(server());
        return once(signal!, 'abort').then(() => Promise.reject(new Error('given up')));
      },
      () => undefined,
    );
    await started[0]!.kill();
    await eventually(() => starts === 2);
    await kept.stop();
    expect(alive()).toBe(0);
  });
});
