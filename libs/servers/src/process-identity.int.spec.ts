import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { end, endTree, identify, isAlive, signal } from './process-identity.js';

describe('a process identity', () => {
  it('is of one process: an earlier one under the same pid is another', () => {
    const own = identify(process.pid)!;
    expect(isAlive(own)).toBe(true);
    const former = { pid: process.pid, startedAt: 'earlier' };
    expect(isAlive(former)).toBe(false);
    expect(() => signal(former, 'SIGKILL')).not.toThrow();
  });

  it('is gone with its process', async () => {
    const child = spawn('sleep', ['60']);
    const identity = identify(child.pid!)!;
    await end(identity, ['SIGTERM'], 5_000);
    expect(isAlive(identity)).toBe(false);
  });

  it('ends by force what does not listen', async () => {
    const child = spawn('sh', ['-c', 'trap "" TERM; echo ready; sleep 60 & wait; wait']);
    await once(child.stdout, 'data');
    const identity = identify(child.pid!)!;
    await endTree(identity, ['SIGTERM'], 100);
    expect(isAlive(identity)).toBe(false);
  });

  it('ends what its process has started', async () => {
    const child = spawn('sh', ['-c', 'sleep 60 & echo $!; wait']);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const grandchild = identify(Number(line))!;
    await endTree(identify(child.pid!)!, [], 5_000);
    expect(isAlive(grandchild)).toBe(false);
  });
});
