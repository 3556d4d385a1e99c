import { setTimeout as sleep } from 'node:timers/promises';
import { modeNamed } from '../modes.js';
import { LoadConnection } from './connection.js';
import type { Load, LoadJob, LoadResult } from './load.js';
import { percentiles } from './percentiles.js';

/** A worker that meets nothing but trouble should not spin. */
const AFTER_TROUBLE_MS = 10;

/** The process of the load generator: takes one job, answers what became of it, and ends with its starter. */
process.on('message', (job: LoadJob) => void run(job).then((result) => process.send?.(result)));
process.on('disconnect', () => process.exit());

async function run(job: LoadJob): Promise<LoadResult> {
  const load = modeNamed(job.mode)?.load?.(job.settings);
  if (!load) throw new Error(`the mode ${job.mode} has no load`);
  const workers = Array.from({ length: job.concurrency }, () => new Worker(load, job));
  const tally: Tally = { latencies: [], troubles: {}, begun: 0, startedAt: performance.now() };
  const cpu = process.cpuUsage();
  await Promise.all(workers.map((worker) => worker.run(tally)));
  const seconds = (performance.now() - tally.startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    operations: tally.latencies.length,
    seconds,
    ...percentiles(tally.latencies),
    cpuMs: (user + system) / 1_000,
    troubles: tally.troubles,
    record: load.record?.(),
  };
}

/** What all workers count together. */
interface Tally {
  /** Milliseconds. */
  latencies: number[];
  troubles: Record<string, number>;
  begun: number;
  startedAt: number;
}

/** Operates again and again over a connection of its own, until the time is up. */
class Worker {
  private readonly connection: LoadConnection;

  constructor(
    private readonly load: Load,
    private readonly job: LoadJob,
  ) {
    const credential: Record<string, string> = load.bringsCredentials
      ? {}
      : { 'x-api-key': job.apiKey };
    this.connection = new LoadConnection(new URL(job.url), credential);
  }

  async run(tally: Tally): Promise<void> {
    const end = tally.startedAt + this.job.seconds * 1_000;
    for (;;) {
      const due = this.dueAt(tally);
      if (Math.max(due, performance.now()) >= end) break;
      if (due > performance.now()) await sleep(due - performance.now());
      await this.operate(tally);
    }
    this.connection.close();
  }

  /** When the next operation is to begin; each is taken by one worker. */
  private dueAt(tally: Tally): number {
    const { perSecond } = this.job;
    if (perSecond === undefined) return 0;
    return tally.startedAt + (tally.begun++ * 1_000) / perSecond;
  }

  private async operate({ latencies, troubles }: Tally): Promise<void> {
    const started = performance.now();
    try {
      await this.load.operate(this.connection);
      latencies.push(performance.now() - started);
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      troubles[what] = (troubles[what] ?? 0) + 1;
      await sleep(AFTER_TROUBLE_MS);
    }
  }
}
