import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { listenerOn, processorTimes, stolenTime } from './processor-time.js';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('processor time', () => {
  it('of a process has in it what its children used, and goes on having it when they have ended', async () => {
    const us = { name: 'us', pid: process.pid };
    const before = processorTimes([us])!['us']!;
    const busy = 'const end = Date.now() + 300; while (Date.now() < end);';
    const child = spawn(process.execPath, ['-e', busy]);
    await once(child, 'exit');
    const after = processorTimes([us, us])!['us']! / 2;
    expect(after - before).toBeGreaterThan(100);
  });

  it('is not told of a process that is not there', () => {
    expect(processorTimes([{ name: 'nobody', pid: 2 ** 22 + 1 }])).toBeUndefined();
  });

  it('can be stolen, though never more than there is', () => {
    const { stolen, total } = stolenTime()!;
    expect(stolen).toBeGreaterThanOrEqual(0);
    expect(total).toBeGreaterThan(stolen);
  });

  it('is asked of whoever listens on a port', async () => {
    const server: Server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(listenerOn(port)).toBe(process.pid);
    server.close();
    await once(server, 'close');
    expect(listenerOn(port)).toBeUndefined();
  });
});
