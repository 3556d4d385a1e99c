import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Email } from 'postal-mime';

/** A mail server, in a process of its own, that one test file may do with as it likes. */
export interface TestSmtp {
  /** The same after every restart. */
  readonly url: string;
  /** Whether it asks to try again later (451). */
  busy: boolean;
  /** What it took. */
  readonly received: Email[];
  /** How often it said that it is busy. */
  refusals: number;
  /** SIGKILL, as by a crash; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('../bin/smtp-server.mjs', import.meta.url));

interface Arrival {
  id: number;
  mail: Email;
}

/** Starts a mail server for this test file; it is ended by `kill`. */
export async function testSmtp(): Promise<TestSmtp> {
  const state = { busy: false, received: [] as Email[], refusals: 0 };
  let server: ChildProcess;
  const start = async (port: number): Promise<number> => {
    server = fork(PROGRAM, [String(port)], { execArgv: [], serialization: 'advanced' });
    const [ready] = (await once(server, 'message')) as [{ port: number }];
    server.on('message', ({ id, mail }: Arrival) => {
      if (state.busy) state.refusals += 1;
      else state.received.push(mail);
      server.send({ id, isTaken: !state.busy });
    });
    return ready.port;
  };
  const port = await start(0);
  return Object.assign(state, {
    url: `smtp://127.0.0.1:${port}`,
    kill: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      server.kill('SIGKILL');
      await once(server, 'exit');
    },
    restart: async () => void (await start(port)),
  });
}
