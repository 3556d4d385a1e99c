import { findPgbench } from '@flotilla/servers/pgbench';
import type { Output } from '../output.js';
import { progressBar } from '../progress-bar.js';
import type { Violation } from '../verify/report.js';
import { verify } from '../verify/verify.js';
import { Ceiling } from './ceiling.js';
import type { Figures, Mode, PreparedMode, Zeros } from './mode.js';
import { type Row, rowsOf } from './modes.js';
import { orders } from './modes/orders.js';
import { stolenTime } from './processor-time.js';
import { type BenchReport, median, medians, type Result, thisMachine } from './report.js';
import { type MeasuredFleet, Target } from './target.js';

/** What to measure, and how thoroughly. */
export interface BenchPlan {
  modes: readonly Mode[];
  seconds: number;
  /** Of each mode, before anything counts: the compilers of seven processes are busy for that long. */
  warmUpSeconds: number;
  concurrency: readonly number[];
  rounds: number;
  /** That orders are spread over. */
  products: number;
  /** Where a fetched pgbench is kept. */
  cacheDir: string;
}

/** Connections of pgbench: about where PostgreSQL on a small machine is at its best. */
const CEILING_CLIENTS = 16;

/** The report, and what `verify` finds once all is done. */
export interface Benched {
  report: BenchReport;
  violations: Violation[];
}

/**
 * Measures a fleet in rounds, each of which has everything once and the ceiling besides, so that the better and worse
 * minutes of a machine are shared alike.
 * @throws Error when something cannot be prepared or the fleet never comes to rest; the signal's reason when that aborts
 */
export async function bench(
  fleet: MeasuredFleet,
  plan: BenchPlan,
  output: Output,
  signal: AbortSignal,
): Promise<Benched> {
  const target = await Target.open(fleet, plan, signal, (line) => output.warn(line));
  const prepared: PreparedMode[] = [];
  let ceiling: Ceiling | undefined;
  try {
    const series: Series[] = [];
    for (const mode of plan.modes) {
      const ready = await mode.prepare(target);
      prepared.push(ready);
      for (const row of rowsOf(mode, plan.concurrency)) {
        const name = row.variant === undefined ? mode.name : `${mode.name} ${row.variant}`;
        series.push({ mode: name, ...row, ready, rounds: [] });
      }
    }
    ceiling = await prepareCeiling(plan, target, output);
    output.step('warming up');
    const concurrency = Math.max(...plan.concurrency);
    for (const ready of prepared) {
      const variants = new Set(
        series.filter((one) => one.ready === ready).map((one) => one.variant),
      );
      for (const variant of variants)
        await ready.measure({ variant, concurrency, seconds: plan.warmUpSeconds / variants.size });
    }
    output.step('measuring');
    const before = stolenTime();
    const ceilings = await measureRounds(plan, series, ceiling, target);
    const steal = stealSince(before);
    output.step('comparing what clients were told with the databases');
    const zeros = await auditAll(prepared);
    const { violations } = await verify(fleet.databaseUrl);
    return { report: toReport(plan, series, ceilings, steal, zeros), violations };
  } finally {
    await ceiling?.close();
    for (const mode of prepared) await mode.close();
    await target.close();
  }
}

/** A row of the report, and what each round gave for it. */
interface Series extends Row {
  mode: string;
  ready: PreparedMode;
  rounds: Figures[];
}

/** Undefined where orders are not measured, or there is no pgbench. */
async function prepareCeiling(
  { modes, cacheDir }: BenchPlan,
  { fleet, run }: Target,
  output: Output,
): Promise<Ceiling | undefined> {
  if (!modes.includes(orders)) return undefined;
  const pgbench = await findPgbench({ cacheDir, onProgress: (text) => output.step(text) });
  if (pgbench) return Ceiling.prepare(pgbench, fleet.databaseUrl, run);
  output.warn('There is no pgbench here (it comes with PostgreSQL): no ceiling is measured');
  return undefined;
}

/** Answers what pgbench reached in each round. */
async function measureRounds(
  { rounds, seconds }: BenchPlan,
  series: readonly Series[],
  ceiling: Ceiling | undefined,
  { signal }: Target,
): Promise<number[]> {
  const bar = progressBar(rounds * (series.length + (ceiling ? 1 : 0)), 'measurements');
  const ceilings: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const { ready, variant, concurrency, rounds: figures } of series) {
        signal.throwIfAborted();
        figures.push(await ready.measure({ variant, concurrency, seconds }));
        bar.advance();
      }
      if (!ceiling) continue;
      ceilings.push(await ceiling.measure(CEILING_CLIENTS, seconds, signal));
      bar.advance();
    }
  } finally {
    bar.stop();
  }
  return ceilings;
}

function stealSince(before: ReturnType<typeof stolenTime>): number | null {
  const after = stolenTime();
  if (!before || !after || after.total === before.total) return null;
  return (after.stolen - before.stolen) / (after.total - before.total);
}

async function auditAll(prepared: readonly PreparedMode[]): Promise<Zeros> {
  const sum: Zeros = { oversold: 0, lost: 0, doubled: 0 };
  for (const mode of prepared) {
    if (!mode.audit) continue;
    const { oversold, lost, doubled } = await mode.audit();
    sum.oversold += oversold;
    sum.lost += lost;
    sum.doubled += doubled;
  }
  return sum;
}

function toReport(
  { rounds, products }: BenchPlan,
  series: readonly Series[],
  ceilings: readonly number[],
  steal: number | null,
  zeros: Zeros,
): BenchReport {
  const results = series.map(({ mode, concurrency, rounds: figures }): Result => {
    return { mode, concurrency, ...medians(figures) };
  });
  const ceiling = ceilings.length === 0 ? null : { perSecond: median(ceilings) };
  const best = results.filter(({ mode }) => mode === orders.name).map((row) => row.perSecond);
  const ratioToCeiling =
    ceiling?.perSecond && best.length > 0 ? Math.max(...best) / ceiling.perSecond : null;
  const machine = thisMachine();
  return { machine, rounds, products, steal, results, ceiling, ratioToCeiling, ...zeros };
}
