import type { StatefulService } from '../services.js';

/** A row that should not be as it is. */
export interface Violation {
  /** The rule that is broken, in kebab-case. */
  invariant: string;
  service: StatefulService;
  table: string;
  /** The row: its uuid, or the uuid of the stream, order or product it belongs to. */
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
