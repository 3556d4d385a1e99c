import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceProcess as ProcessRecord } from '../fleet-directory.js';
import type { Service } from '../services.js';
import { type ProcessSpec, ServiceProcess, type ServicePorts } from './service-process.js';

/** Longer than a service gives itself to drain. */
const STOP_GRACE_MS = 15_000;
const BACKOFF_MS = { first: 100, most: 5_000 };
/** A process that stayed up for so long has recovered. */
const RECOVERED_MS = 10_000;

interface Supervised {
  spec: ProcessSpec;
  process: ServiceProcess;
  ports: ServicePorts;
}

/** Who wants to know. */
export interface SupervisorEvents {
  /** A line for people about a crash or a recovery. */
  report(line: string): void;
  /** A pid or a port is another one now. */
  changed(): void;
}

/** Keeps processes running: one that ends unasked is started again, ever later the more often it fails. */
export class Supervisor {
  private readonly supervised: Supervised[] = [];
  private readonly stopping = new AbortController();

  constructor(private readonly events: SupervisorEvents) {}

  /**
   * Starts processes together and waits until all are ready.
   * @throws Error with the end of its log when one ends instead
   */
  async start(specs: readonly ProcessSpec[]): Promise<void> {
    this.stopping.signal.throwIfAborted();
    const entries = specs.map((spec) => ({ spec, process: new ServiceProcess(spec), ports: {} }));
    this.supervised.push(...entries);
    await Promise.all(
      entries.map(async (entry: Supervised) => {
        entry.ports = await entry.process.ready;
        void this.keep(entry);
      }),
    );
  }

  /** Ends one process for good and forgets it (a gateway that found its port taken). */
  async discard(spec: ProcessSpec): Promise<void> {
    const index = this.supervised.findIndex((entry) => entry.spec === spec);
    const [entry] = this.supervised.splice(index, 1);
    await entry?.process.stop(STOP_GRACE_MS);
  }

  /** Every service that runs now. */
  processes(): ProcessRecord[] {
    return this.supervised.flatMap(({ process, ports }) =>
      Object.entries(ports).map(([service, port]) => ({
        service: service as Service,
        pid: process.pid,
        port,
      })),
    );
  }

  pids(): number[] {
    return this.supervised.map(({ process }) => process.pid);
  }

  /** Drains and ends everything: gateways first, so that no request finds the services behind them gone. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const isEntrance = ({ spec }: Supervised) => spec.services.includes('gateway');
    const end = (entries: Supervised[]) =>
      Promise.all(entries.map(({ process }) => process.stop(STOP_GRACE_MS)));
    await end(this.supervised.filter(isEntrance));
    await end(this.supervised.filter((entry) => !isEntrance(entry)));
  }

  /** Ends everything at once, without a drain. */
  kill(): void {
    this.stopping.abort();
    for (const { process } of this.supervised) process.kill();
  }

  private async keep(entry: Supervised): Promise<void> {
    const { signal } = this.stopping;
    let delayMs = BACKOFF_MS.first;
    let since = performance.now();
    for (;;) {
      const how = await entry.process.exited;
      if (signal.aborted || !this.supervised.includes(entry)) return;
      if (performance.now() - since > RECOVERED_MS) delayMs = BACKOFF_MS.first;
      const { name } = entry.spec;
      this.events.report(
        `${name} (pid ${entry.process.pid}) ended with ${how}; starting it again in ${delayMs / 1000} s`,
      );
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      delayMs = Math.min(delayMs * 2, BACKOFF_MS.most);
      since = performance.now();
      entry.process = new ServiceProcess(entry.spec);
      this.events.changed();
      try {
        entry.ports = await entry.process.ready;
        this.events.changed();
        this.events.report(`${name} is back (pid ${entry.process.pid})`);
      } catch {
        // It ended, or never got ready: by force then, and round again.
        entry.process.kill();
      }
    }
  }
}
