import type { FleetFile } from '../fleet-directory.js';
import { GatewayClient } from '../gateway-client.js';
import { Child } from './child.js';
import type { LoadJob, LoadResult } from './load/load.js';
import type { Figures, Measurement } from './mode.js';
import {
  listenerOn,
  type NamedProcess,
  type ProcessorTimes,
  processorTimes,
} from './processor-time.js';
import { Settlement } from './settlement.js';
import { statementsSent } from './statements.js';

/** Where a fleet is that is to be measured; behind `--url` alone its processes are not known. */
export interface MeasuredFleet extends Pick<
  FleetFile,
  'url' | 'apiKey' | 'databaseUrl' | 'natsUrl' | 'redisUrl' | 'processes'
> {
  /** Somebody else's: it is left without what was made to measure it. */
  isLasting: boolean;
}

/** What a mode wants of the load generator besides what the target knows. */
export interface Loading extends Measurement {
  mode: string;
  settings: unknown;
  perSecond?: number;
  /** Another gateway than that of the fleet, which is a process of the bench's. */
  gateway?: { url: string; pid: number };
}

/** The fleet that is measured, and how. */
export class Target {
  /** Names everything that this run makes: letters and digits. */
  readonly run = Date.now().toString(36);
  readonly gateway: GatewayClient;

  private constructor(
    readonly fleet: MeasuredFleet,
    /** That orders are spread over. */
    readonly products: number,
    readonly signal: AbortSignal,
    private readonly warn: (line: string) => void,
    private readonly settlement: Settlement,
  ) {
    this.gateway = new GatewayClient(fleet.url, fleet.apiKey);
  }

  /** `warn` is told what went otherwise than it should. @throws Error when the fleet's servers cannot be reached */
  static async open(
    fleet: MeasuredFleet,
    { products }: { products: number },
    signal: AbortSignal,
    warn: (line: string) => void,
  ): Promise<Target> {
    const settlement = await Settlement.open(fleet.natsUrl, fleet.databaseUrl);
    return new Target(fleet, products, signal, warn, settlement);
  }

  close(): Promise<void> {
    return this.settlement.close();
  }

  /** Makes something by POST. @throws Error with what the API said when it refuses */
  async create<Body>(path: string, body: object): Promise<Body> {
    const { status, body: answer } = await this.gateway.request<Body>(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (status === 201) return answer;
    throw new Error(`POST ${path}: ${status} ${answer.code} ${answer.detail}`);
  }

  /** Removes a stream of events that a mode has made. */
  async dropStream(name: string): Promise<void> {
    await this.settlement.dropStream(name);
  }

  /** Puts a load on the gateway, and waits until all that it set off is done: that is part of its costs. */
  async load(loading: Loading): Promise<{ figures: Figures; record: unknown }> {
    const { url, apiKey, processes } = this.fleet;
    const services = processes.map(({ service: name, pid }) => ({ name, pid }));
    const { gateway, ...job } = loading;
    if (gateway) services.push({ name: 'gateway', pid: gateway.pid });
    const statementsBefore = await statementsSent(processes);
    const { result, costs, settleMs } = await this.costing(
      services,
      ['postgres', 'nats'],
      async () => {
        const loaded = await this.generate({ ...job, url: gateway?.url ?? url, apiKey });
        return { result: loaded, settleMs: await this.settlement.wait(this.signal) };
      },
    );
    const statementsAfter = await statementsSent(processes);
    const { operations, seconds, p50Ms, p95Ms, p99Ms, cpuMs, record } = result;
    const perOperation = (sum: number) => (operations === 0 ? 0 : sum / operations);
    const figures: Figures = { perSecond: operations / seconds, p50Ms, p95Ms, p99Ms };
    figures.loadCpuMsPerOp = perOperation(cpuMs);
    figures.settleMs = settleMs;
    if (costs && processes.length > 0) Object.assign(figures, costFigures(costs, operations));
    if (statementsBefore !== undefined && statementsAfter !== undefined) {
      figures.statementsPerOp = perOperation(statementsAfter - statementsBefore);
    }
    for (const [what, times] of Object.entries(result.troubles)) {
      this.warn(`${loading.mode} at ${loading.concurrency}: ${times} × ${what}`);
    }
    return { figures, record };
  }

  /**
   * Does some work, and says what it took of the processor: of these processes and servers. No costs where one of them is
   * out of sight, since half of them would be a wrong figure.
   */
  async costing<Result extends object>(
    processes: readonly NamedProcess[],
    servers: readonly ('postgres' | 'nats')[],
    work: () => Promise<Result>,
  ): Promise<Result & { costs: ProcessorTimes | undefined }> {
    const found = servers.map((name) => ({ name, pid: this.pidOf(name) }));
    const isVisible = found.every((server) => server.pid !== undefined);
    const all = isVisible ? [...processes, ...(found as NamedProcess[])] : undefined;
    const before = all && processorTimes(all);
    const result = await work();
    const after = all && processorTimes(all);
    if (!before || !after) return { ...result, costs: undefined };
    const costs = Object.entries(after).map(([name, time]) => [name, time - before[name]!]);
    return { ...result, costs: Object.fromEntries(costs) as ProcessorTimes };
  }

  private pidOf(server: 'postgres' | 'nats'): number | undefined {
    const { databaseUrl, natsUrl } = this.fleet;
    return server === 'postgres'
      ? listenerOn(portOf(databaseUrl, 5432))
      : listenerOn(portOf(natsUrl, 4222));
  }

  /** In a process of its own, so that it neither waits for us nor is counted with anything. */
  private async generate(job: LoadJob): Promise<LoadResult> {
    const generator = Child.start(new URL('./load/load-generator.js', import.meta.url));
    try {
      return await generator.ask<LoadResult>(job, this.signal);
    } finally {
      await generator.end();
    }
  }
}

/** Costs as figures of a measurement. */
export function costFigures(
  costs: ProcessorTimes,
  operations: number,
): Pick<Figures, 'cpuMsPerOp' | 'byProcess'> {
  const byProcess: Record<string, number> = {};
  for (const [name, time] of Object.entries(costs)) byProcess[name] = time / operations;
  const sum = Object.values(costs).reduce((total, time) => total + time, 0);
  return { cpuMsPerOp: sum / operations, byProcess };
}

function portOf(url: string, usual: number): number {
  return Number(new URL(url).port || usual);
}
