import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { execFileSync } from 'node:child_process';

/** A process whose processor time is wanted; those of one name are added up. */
export interface NamedProcess {
  name: string;
  pid: number;
}

/** Milliseconds of processor time by name. */
export type ProcessorTimes = Record<string, number>;

/**
 * What processes have used so far, with what their children used (PostgreSQL's backends, also those that have ended).
 * Undefined where the kernel does not tell (proc(5)), or one of them is not there.
 */
export function processorTimes(processes: readonly NamedProcess[]): ProcessorTimes | undefined {
  try {
    const times: ProcessorTimes = {};
    for (const { name, pid } of processes) times[name] = (times[name] ?? 0) + timeOf(pid);
    return times;
  } catch {
    return undefined;
  }
}

function timeOf(pid: number): number {
  const own = ticks(pid, ['user', 'system', 'childrenUser', 'childrenSystem']);
  let children = 0;
  for (const child of childrenOf(pid)) children += ticks(child, ['user', 'system']);
  return ((own + children) * 1_000) / TICKS_PER_SECOND;
}

const TICKS_PER_SECOND = clockTicks();

function clockTicks(): number {
  try {
    return Number(execFileSync('getconf', ['CLK_TCK'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return 100;
  }
}

/** Fields of `/proc/<pid>/stat` after the name, which may contain anything up to the last `)`. */
const FIELDS = { user: 11, system: 12, childrenUser: 13, childrenSystem: 14 };

function ticks(pid: number, fields: (keyof typeof FIELDS)[]): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const values = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.reduce((sum, field) => sum + Number(values[FIELDS[field]]), 0);
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

/** Jiffies of all processors so far: those a hypervisor gave to somebody else, and all. Undefined where nobody tells. */
export function stolenTime(): { stolen: number; total: number } | undefined {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
    // user nice system idle iowait irq softirq steal; guest time is part of user time.
    const jiffies = line.trim().split(/\s+/).slice(1, 9).map(Number);
    return { stolen: jiffies[7] ?? 0, total: jiffies.reduce((sum, one) => sum + one, 0) };
  } catch {
    return undefined;
  }
}

/** The process that listens on a port of this machine; undefined where it cannot be seen (another's, or in a container). */
export function listenerOn(port: number): number | undefined {
  try {
    const sockets = ['tcp', 'tcp6'].flatMap((family) => listening(family, port));
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const holders = pids.filter((pid) => holds(pid, sockets)).map(Number);
    return holders.length === 0 ? undefined : Math.min(...holders);
  } catch {
    return undefined;
  }
}

/** The inodes of listening sockets: `sl local_address rem_address st … inode`, state 0A. */
function listening(family: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return readFileSync(`/proc/net/${family}`, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${hex}`))
    .map((fields) => `socket:[${fields[9]}]`);
}

function holds(pid: string, sockets: readonly string[]): boolean {
  try {
    const directory = `/proc/${pid}/fd`;
    return readdirSync(directory).some((fd) => sockets.includes(readlink(`${directory}/${fd}`)));
  } catch {
    return false;
  }
}

function readlink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
