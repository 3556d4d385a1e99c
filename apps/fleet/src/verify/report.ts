import type { StatefulService } from '../services.js';

/** A row that should not be as it is. */
export interface Violation {
  /** The rule that is broken, in kebab-case. */
  invariant: string;
  service: StatefulService;
  table: string;
  /** The row: its uuid, or the uuid of the stream, order or product it belongs to; `*` when none could be looked at. */
  id: string;
  /** What is wrong, with the figures. */
  detail: string;
}

/** What one group of checks found, and how many rows it looked at. */
export interface Findings {
  checked: Record<string, number>;
  violations: Violation[];
}

/** What `verify --json` says. */
export interface Report extends Findings {
  ok: boolean;
}

/** The most violations that one rule reports: enough to see what is wrong. */
export const MOST_PER_RULE = 1000;

/** What a check finds; one that fails is itself reported, so that it hides none of the others. */
export async function contained(
  check: Pick<Violation, 'invariant' | 'service' | 'table'>,
  look: () => Promise<Violation[]>,
): Promise<Violation[]> {
  try {
    return await look();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ ...check, id: '*', detail: `could not be checked: ${reason}` }];
  }
}

/** The findings of all groups as one report. */
export function toReport(groups: readonly Findings[]): Report {
  const checked: Record<string, number> = {};
  for (const group of groups) {
    for (const [name, count] of Object.entries(group.checked)) {
      checked[name] = (checked[name] ?? 0) + count;
    }
  }
  const violations = groups.flatMap((group) => group.violations);
  return { ok: violations.length === 0, checked, violations };
}
