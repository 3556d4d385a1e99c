import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { launch, type RunningServer } from './child-process.js';
import { ServerDirectory } from './server-directory.js';

export interface NatsOptions {
  /** A nats-server, as `findNatsServer` finds it. */
  binary: string;
  dataDir: string;
  /** Insisted on when given; else the last one of this directory if it is free, else any. */
  port?: number;
  /** Begin with an empty broker, as after the loss of its disk. */
  wipe?: boolean;
  /** Gives up when aborted before it is ready. */
  signal?: AbortSignal;
}

const USER = 'flotilla';

/**
 * Starts a nats-server with JetStream on 127.0.0.1. Its user's password is made once and lives in files of mode 0600.
 * @throws ServerInUse, Error with the server's log when it does not start
 */
export async function startNats(options: NatsOptions): Promise<RunningServer> {
  const directory = await ServerDirectory.open(options.dataDir);
  const { password } = directory.record;
  const name = `flotilla-${randomBytes(6).toString('hex')}`;
  const config = directory.file('nats.conf');
  return launch({
    directory,
    port: options.port,
    command: (port) => {
      if (options.wipe) rmSync(directory.file('jetstream'), { recursive: true, force: true });
      writeFileSync(config, configuration(name, port, directory.path, password), { mode: 0o600 });
      return { file: options.binary, args: ['-c', config] };
    },
    url: (port) => `nats://${USER}:${password}@127.0.0.1:${port}`,
    isReady: async (port) => (await serverName(port)) === name,
    stopSignals: ['SIGTERM'],
    signal: options.signal,
  });
}

function configuration(name: string, port: number, directory: string, password: string): string {
  return `server_name: "${name}"
host: "127.0.0.1"
port: ${port}
max_payload: 8MB
jetstream: { store_dir: ${JSON.stringify(directory)} }
authorization: { user: "${USER}", password: "${password}" }
`;
}

/** The name in the INFO line that a NATS server greets with; nothing when none answers. */
function serverName(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1', timeout: 1_000 });
    let greeting = '';
    const settle = (name?: string) => {
      socket.destroy();
      resolve(name);
    };
    socket.on('error', () => settle());
    socket.on('timeout', () => settle());
    socket.on('end', () => settle());
    socket.on('data', (chunk) => {
      greeting += chunk.toString();
      if (greeting.includes('\r\n')) settle(/"server_name":"([^"]*)"/.exec(greeting)?.[1]);
    });
  });
}
