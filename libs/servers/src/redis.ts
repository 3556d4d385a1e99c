import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { delimiter } from 'node:path';
import { launch, type RunningServer } from './child-process.js';
import type { RedisBinary } from './redis-binary.js';
import { ServerDirectory } from './server-directory.js';

export interface RedisOptions {
  /** A redis-server, as `findRedisServer` finds it. */
  binary: RedisBinary;
  dataDir: string;
  /** Insisted on when given; else the last one of this directory if it is free, else any. */
  port?: number;
  /** Gives up when aborted before it is ready. */
  signal?: AbortSignal;
}

/**
 * Starts a redis-server on 127.0.0.1. Its password is made once and lives in files of mode 0600. It writes down what it is
 * told at least every second, so that what was counted is still counted after a crash.
 * @throws ServerInUse, Error with the server's log when it does not start
 */
export async function startRedis(options: RedisOptions): Promise<RunningServer> {
  const { binary } = options;
  const directory = await ServerDirectory.open(options.dataDir);
  const { password } = directory.record;
  const config = directory.file('redis.conf');
  const libraries = [...binary.libraries, process.env.LD_LIBRARY_PATH].filter(Boolean);
  return launch({
    directory,
    port: options.port,
    command: (port) => {
      writeFileSync(config, configuration(port, directory.path, password), { mode: 0o600 });
      const env = { ...process.env, LD_LIBRARY_PATH: libraries.join(delimiter) };
      return { file: binary.file, args: [config], options: { env } };
    },
    url: (port) => `redis://:${password}@127.0.0.1:${port}`,
    isReady: (port) => takesPassword(port, password),
    stopSignals: ['SIGTERM'],
    signal: options.signal,
  });
}

function configuration(port: number, directory: string, password: string): string {
  return `bind 127.0.0.1
port ${port}
requirepass ${password}
dir ${JSON.stringify(directory)}
save ""
appendonly yes
appendfsync everysec
maxmemory 256mb
maxmemory-policy volatile-lru
`;
}

/** Whether a server answers that knows this password, and so is ours. */
function takesPassword(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1', timeout: 1_000 });
    let answer = '';
    const settle = (ready: boolean) => {
      socket.destroy();
      resolve(ready);
    };
    socket.on('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on('error', () => settle(false));
    socket.on('timeout', () => settle(false));
    socket.on('end', () => settle(false));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (answer.startsWith('-') || answer.includes('-LOADING')) settle(false);
      else if (answer.includes('+PONG')) settle(true);
    });
  });
}
