import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Starts a server in a process of its own, kills that one, and answers where the orphan is. */
export async function abandon(
  kind: 'postgres' | 'nats' | 'redis',
  options: Record<string, unknown>,
): Promise<{ url: string; pid: number }> {
  const module = fileURLToPath(new URL(`../dist/${kind}.js`, import.meta.url));
  const start = `start${kind[0]!.toUpperCase()}${kind.slice(1)}`;
  const script = `
    import { ${start} } from ${JSON.stringify(module)};
    const { url, pid } = await ${start}(${JSON.stringify(options)});
    console.log(JSON.stringify({ url, pid }));
    setInterval(() => {}, 1_000);`;
  const starter = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(starter.stdout, 'data')) as [Buffer];
  starter.kill('SIGKILL');
  await once(starter, 'exit');
  return JSON.parse(line.toString()) as { url: string; pid: number };
}

/** Listens on a port; the answer gives it up again. */
export async function occupy(port: number): Promise<() => Promise<void>> {
  const listener = createServer().listen(port, '127.0.0.1');
  await once(listener, 'listening');
  return async () => {
    listener.close();
    await once(listener, 'close');
  };
}

/** What every user of the machine can read of all processes. */
export function commandLines(): string {
  return execFileSync('ps', ['-eo', 'args', '-ww'], { encoding: 'utf8' });
}
