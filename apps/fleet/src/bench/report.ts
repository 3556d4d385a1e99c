import { arch, cpus, platform, totalmem } from 'node:os';
import type { Figures, Zeros } from './mode.js';

/** The machine that was measured. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  platform: string;
  node: string;
}

/** One row: medians over the rounds. */
export interface Result extends Figures {
  mode: string;
  concurrency: number;
}

/** What `bench --json` says. */
export interface BenchReport extends Zeros {
  machine: Machine;
  rounds: number;
  /** That orders were spread over. */
  products: number;
  /** The share of processor time that a hypervisor gave to somebody else meanwhile; null where it does not tell. */
  steal: number | null;
  results: Result[];
  /** What pgbench reaches with the two transactions of an order; null when it was not measured. */
  ceiling: { perSecond: number } | null;
  /** The best of mode `orders` against the ceiling; null when one of the two was not measured. */
  ratioToCeiling: number | null;
}

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()} ${arch()}`,
    node: process.versions.node,
  };
}

/** The middle one, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The median of each figure; one that some round could not give is left out. */
export function medians(rounds: readonly Figures[]): Figures {
  const of = (records: readonly Record<string, unknown>[]): Record<string, unknown> =>
    Object.fromEntries(
      Object.keys(records[0] ?? {})
        .filter((name) => records.every((record) => record[name] !== undefined))
        .map((name) => {
          const values = records.map((record) => record[name]);
          return typeof values[0] === 'number'
            ? [name, median(values as number[])]
            : [name, of(values as Record<string, unknown>[])];
        }),
    );
  return of(rounds as unknown as Record<string, unknown>[]) as unknown as Figures;
}

/** The report as a table. */
export function inWords(report: BenchReport): string {
  const { machine, rounds, products, steal, results, ceiling, ratioToCeiling } = report;
  const { oversold, lost, doubled } = report;
  return [
    `${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.platform}, Node ${machine.node}`,
    `medians of ${rounds} rounds over ${products} products, CPU steal ${steal === null ? 'unknown' : `${fixed(steal * 100, 1)} %`}`,
    '',
    ...table(results),
    '',
    ...results.filter(({ byProcess }) => byProcess).map(costsInWords),
    '',
    ...(ceiling
      ? [
          `pgbench places ${fixed(ceiling.perSecond, 0)} orders/s with the same two transactions` +
            (ratioToCeiling === null
              ? ''
              : `: orders reach ${fixed(ratioToCeiling * 100, 0)} % of it`),
        ]
      : []),
    `oversold ${oversold}, lost ${lost}, doubled ${doubled}`,
  ].join('\n');
}

/** Columns: heading, and the figure with so many decimals. */
const COLUMNS: [string, (result: Result) => string][] = [
  ['mode', ({ mode }) => mode],
  ['conc', ({ concurrency }) => String(concurrency)],
  ['per second', ({ perSecond }) => fixed(perSecond, 0)],
  ['p50 ms', ({ p50Ms }) => fixed(p50Ms, 1)],
  ['p95 ms', ({ p95Ms }) => fixed(p95Ms, 1)],
  ['p99 ms', ({ p99Ms }) => fixed(p99Ms, 1)],
  ['CPU ms/op', ({ cpuMsPerOp }) => fixed(cpuMsPerOp, 3)],
  ['statements/op', ({ statementsPerOp }) => fixed(statementsPerOp, 2)],
  ['settled after ms', ({ settleMs }) => fixed(settleMs, 0)],
  [
    '',
    ({ ordersPerSecond }) =>
      ordersPerSecond === undefined ? '' : `lag at ${fixed(ordersPerSecond, 0)} orders/s`,
  ],
  [
    '',
    ({ ratioToUnguarded }) =>
      ratioToUnguarded === undefined
        ? ''
        : `${fixed(ratioToUnguarded * 100, 0)} % of a gateway without guards`,
  ],
  [
    '',
    ({ ratioToRest }) =>
      ratioToRest === undefined ? '' : `${fixed(ratioToRest, 2)} × the CPU of REST`,
  ],
  [
    '',
    ({ hitRatio }) =>
      hitRatio === undefined ? '' : `${fixed(hitRatio * 100, 1)} % answered from what was kept`,
  ],
  [
    '',
    ({ heapGrowthMb, forgotten }) =>
      heapGrowthMb === undefined
        ? ''
        : `a million random keys leave ${fixed(heapGrowthMb, 0)} MB, and ${forgotten} of 1,000 warm ones forgotten`,
  ],
  [
    '',
    ({ signInsPerSecond, cpuMsPerSignIn }) =>
      signInsPerSecond === undefined
        ? ''
        : `${fixed(signInsPerSecond, 1)} sign-ins/s at ${fixed(cpuMsPerSignIn, 1)} CPU ms`,
  ],
  [
    '',
    ({ guardCpuMs }) =>
      guardCpuMs === undefined ? '' : `a token costs the gateway ${fixed(guardCpuMs, 3)} ms`,
  ],
  [
    '',
    ({ ratioToRaw }) =>
      ratioToRaw === undefined ? '' : `${fixed(ratioToRaw, 2)} × the bare client`,
  ],
];

function table(results: readonly Result[]): string[] {
  const rows = [
    COLUMNS.map(([heading]) => heading),
    ...results.map((result) => COLUMNS.map(([, cell]) => cell(result))),
  ];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}

function costsInWords({ mode, concurrency, byProcess, loadCpuMsPerOp }: Result): string {
  const costs = Object.entries(byProcess ?? {}).map(([name, ms]) => `${name} ${fixed(ms, 3)}`);
  if (loadCpuMsPerOp !== undefined) costs.push(`(load generator ${fixed(loadCpuMsPerOp, 3)})`);
  return `CPU ms/op of ${mode} at ${concurrency}: ${costs.join(', ')}`;
}

function fixed(value: number | undefined, decimals: number): string {
  return value === undefined ? '' : value.toFixed(decimals);
}
