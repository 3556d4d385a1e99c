import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** One process for all time: a pid is used again, a pid together with the instant it was started is not. */
export interface ProcessIdentity {
  pid: number;
  /** Opaque; comparable on one machine only. */
  startedAt: string;
}

/** Who runs under this pid now; nothing if nobody does, or only a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether that very process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

/** Sends a signal to that very process; a process that has ended is left in peace. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Asks with each signal in turn, a little while each, and ends with SIGKILL; returns when the process is gone. */
export async function end(
  identity: ProcessIdentity,
  signals: readonly NodeJS.Signals[],
  graceMs: number,
): Promise<void> {
  for (const name of [...signals, 'SIGKILL' as const]) {
    signal(identity, name);
    const deadline = performance.now() + graceMs;
    while (performance.now() < deadline) {
      if (!isAlive(identity)) return;
      await sleep(10);
    }
  }
  throw new Error(`process ${identity.pid} does not end`);
}

/** Ends a process as `end` does and then, by force, what it had started and is still there. */
export async function endTree(
  root: ProcessIdentity,
  signals: readonly NodeJS.Signals[],
  graceMs: number,
): Promise<void> {
  const started = isAlive(root) ? descendantsOf(root.pid) : [];
  await end(root, signals, graceMs);
  await Promise.all(started.map((child) => end(child, [], graceMs)));
}

/** None where there is no /proc. */
function descendantsOf(pid: number): ProcessIdentity[] {
  return childrenOf(pid).flatMap((child) => {
    const identity = identify(child);
    return identity ? [identity, ...descendantsOf(child)] : [];
  });
}

function childrenOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return children.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** proc(5): field 3 is the state, field 22 the start in ticks since boot; field 2 may contain anything up to the last `)`. */
function startFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, ticks] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X' || ticks === undefined) return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${ticks}`;
  } catch {
    return undefined;
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const ps = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { stdio: 'pipe' });
    const line = ps.toString().trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}
