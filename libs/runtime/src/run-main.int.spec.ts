import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@flotilla/testing/eventually';
import { Failpoints } from '@flotilla/testing/failpoints';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Takes 200 ms to close; STAGE says what goes wrong, if anything. */
const MAIN = `
import { runMain } from '@flotilla/runtime/bootstrap';
import { failpoint } from '@flotilla/runtime/failpoints';
const stage = process.env.STAGE;
await runMain(async () => {
  if (stage === 'start') throw new Error('no database', { cause: new Error('refused') });
  if (stage === 'failpoint') {
    failpoint('orders.before-hold');
    console.log('went on');
    failpoint('orders.after-hold');
  }
  if (stage === 'rejection') setTimeout(() => void Promise.reject(new Error('nobody cared')), 10);
  const alive = setInterval(() => undefined, 1000);
  return {
    name: 'orders',
    port: 4711,
    close: async () => {
      if (stage === 'stuck') await new Promise(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (stage === 'late') throw new Error('not drained');
      clearInterval(alive);
      console.log('closed');
    },
  };
});
console.log('running');
`;

let child: ChildProcess;
let output: string;

// Children run what is built, as in production.
beforeAll(() => {
  const tsc = 'node_modules/typescript7/bin/tsc';
  execFileSync(process.execPath, [tsc, '-b', 'libs/runtime'], { cwd: ROOT });
});
afterEach(() => void child.kill('SIGKILL'));

function start(env: Record<string, string> = {}, ipc = false): void {
  output = '';
  child = spawn(process.execPath, ['--input-type=module', '--eval', MAIN], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit', ...(ipc ? (['ipc'] as const) : [])],
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
}

async function exit(): Promise<number | string | null> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  await eventually(() => child.stdout?.readableEnded === true);
  return code ?? signal;
}

/** As Linux abbreviates it: T is stopped. */
const stateOf = (pid: number): string | undefined =>
  /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];

const running = (): Promise<unknown> => eventually(() => output.includes('running'));

describe('runMain', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('drains on %s and exits 0', async (signal) => {
    start();
    await running();
    child.kill(signal);
    expect(await exit()).toBe(0);
    expect(output).toContain('closed');
  });

  it('exits 1 at a second signal', async () => {
    start({ STAGE: 'stuck' });
    await running();
    child.kill('SIGTERM');
    const exited = exit();
    await eventually(() => child.kill('SIGTERM') === false);
    expect(await exited).toBe(1);
  });

  it('exits 1 when it could not drain', async () => {
    start({ STAGE: 'late' });
    await running();
    child.kill('SIGTERM');
    expect(await exit()).toBe(1);
  });

  it('tells its parent when it is ready, and drains when the parent is gone', async () => {
    start({}, true);
    const [message] = (await once(child, 'message')) as [unknown];
    expect(message).toEqual({ type: 'ready', service: 'orders', port: 4711 });
    child.disconnect();
    expect(await exit()).toBe(0);
    expect(output).toContain('closed');
  });

  it('leaves the SIGINT of the terminal to its parent', async () => {
    start({}, true);
    await once(child, 'message');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect(await exit()).toBe(0);
    expect(output).toContain('closed');
  });

  it('exits 1 with one line when it cannot start', async () => {
    start({ STAGE: 'start' });
    expect(await exit()).toBe(1);
    const lines = output.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        level: 'fatal',
        err: expect.objectContaining({
          message: 'no database',
          cause: expect.objectContaining({ message: 'refused' }),
        }),
      }),
    ]);
  });

  it('exits 1 after an error that nobody handled', async () => {
    start({ STAGE: 'rejection' });
    expect(await exit()).toBe(1);
    expect(output).toContain('nobody cared');
  });
});

describe('failpoint', () => {
  it('kills the first process that arrives where a file says so, and only that one', async () => {
    const failpoints = new Failpoints();
    failpoints.arm('orders.after-hold');
    start({ STAGE: 'failpoint', ...failpoints.env });
    expect(await exit()).toBe('SIGKILL');
    expect(output).toContain('went on');
    start({ STAGE: 'failpoint', ...failpoints.env });
    await running();
  });

  it('pauses a process until it is told to go on', async () => {
    const failpoints = new Failpoints();
    failpoints.arm('orders.before-hold', 'SIGSTOP');
    start({ STAGE: 'failpoint', ...failpoints.env });
    await failpoints.reached('orders.before-hold');
    await eventually(() => stateOf(child.pid!) === 'T');
    expect(output).not.toContain('went on');
    child.kill('SIGCONT');
    await running();
  });
});
