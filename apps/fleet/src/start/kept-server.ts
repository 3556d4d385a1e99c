import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningServer } from '@flotilla/servers/child-process';

const RETRY_MS = 500;

/** Starts the server, on the given port when it has had one; gives up when the signal aborts. */
export type ServerStarter = (how: {
  port?: number;
  signal?: AbortSignal;
}) => Promise<RunningServer>;

/** A server that is started again, on the same port, whenever it ends without being asked to. */
export class KeptServer {
  private readonly stopping = new AbortController();
  private readonly kept: Promise<void>;

  private constructor(
    private readonly name: string,
    private readonly starter: ServerStarter,
    private readonly report: (line: string) => void,
    private current: RunningServer,
  ) {
    this.kept = this.keep(this.stopping.signal);
  }

  /** `signal` gives up this first start. @throws what the starter throws */
  static async start(
    name: string,
    starter: ServerStarter,
    report: (line: string) => void,
    signal?: AbortSignal,
  ): Promise<KeptServer> {
    return new KeptServer(name, starter, report, await starter({ signal }));
  }

  /** For clients, with the administrator's credentials; never changes. */
  get url(): string {
    return this.current.url;
  }

  /** Ends it for good, also when it is just being started again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    // Only then is it known which process is the current one.
    await this.kept;
    await this.current.stop();
  }

  private async keep(signal: AbortSignal): Promise<void> {
    const port = Number(new URL(this.current.url).port);
    const stopped = once(signal, 'abort');
    for (;;) {
      await Promise.race([this.current.exited, stopped]);
      if (signal.aborted) return;
      this.report(`${this.name} (pid ${this.current.pid}) ended unasked; starting it again`);
      await this.startAgain(port, signal);
      if (signal.aborted) return;
      this.report(`${this.name} is back (pid ${this.current.pid})`);
    }
  }

  private async startAgain(port: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.current = await this.starter({ port, signal });
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.report(`${this.name}: ${error instanceof Error ? error.message : String(error)}`);
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
