import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningServer } from '@flotilla/servers/child-process';

const RETRY_MS = 500;

/** Starts the server; on the given port when it has had one. */
export type ServerStarter = (port?: number) => Promise<RunningServer>;

/** A server that is started again, on the same port, whenever it ends without being asked to. */
export class KeptServer {
  private stopping = false;

  private constructor(
    private readonly name: string,
    private readonly starter: ServerStarter,
    private readonly report: (line: string) => void,
    private current: RunningServer,
  ) {}

  static async start(
    name: string,
    starter: ServerStarter,
    report: (line: string) => void,
  ): Promise<KeptServer> {
    const server = new KeptServer(name, starter, report, await starter());
    void server.keep();
    return server;
  }

  /** For clients, with the administrator's credentials; never changes. */
  get url(): string {
    return this.current.url;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.current.stop();
  }

  private async keep(): Promise<void> {
    const port = Number(new URL(this.current.url).port);
    for (;;) {
      await this.current.exited;
      if (this.stopping) return;
      this.report(`${this.name} (pid ${this.current.pid}) ended unasked; starting it again`);
      await this.startAgain(port);
      this.report(`${this.name} is back (pid ${this.current.pid})`);
    }
  }

  private async startAgain(port: number): Promise<void> {
    for (;;) {
      try {
        this.current = await this.starter(port);
        break;
      } catch (error) {
        if (this.stopping) return;
        this.report(`${this.name}: ${error instanceof Error ? error.message : String(error)}`);
        await sleep(RETRY_MS);
      }
    }
    if (this.stopping) await this.current.stop();
  }
}
