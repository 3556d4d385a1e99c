import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of the bench's own, which ends when we do. */
export class Child {
  private constructor(
    private readonly process: ChildProcess,
    private readonly file: URL,
  ) {}

  /** `flags` are Node's; logs go nowhere when they are `silent`. */
  static start(
    file: URL,
    env: NodeJS.ProcessEnv = {},
    { flags = [], silent = false }: { flags?: readonly string[]; silent?: boolean } = {},
  ): Child {
    const child = fork(file, {
      env: { ...process.env, ...env },
      execArgv: [...flags],
      stdio: ['ignore', silent ? 'ignore' : 2, 2, 'ipc'],
    });
    return new Child(child, file);
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Its next message. @throws Error when it ends instead, or the signal aborts */
  async message<Message>(signal?: AbortSignal): Promise<Message> {
    const stop = new AbortController();
    const either = AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]);
    try {
      return await Promise.race([
        once(this.process, 'message', { signal: either }).then(([message]) => message as Message),
        once(this.process, 'exit', { signal: either }).then(([code, by]): never => {
          throw new Error(`${this.file.pathname} ended with ${by ?? code}`);
        }),
      ]);
    } finally {
      stop.abort();
    }
  }

  /** Sends a message and waits for the answer. @throws as `message` */
  ask<Answer>(message: object, signal?: AbortSignal): Promise<Answer> {
    const answer = this.message<Answer>(signal);
    this.process.send(message);
    return answer;
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exited;
  }
}
