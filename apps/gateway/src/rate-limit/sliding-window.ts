/** So many units in any stretch of time of that length. */
export interface Window {
  limit: number;
  windowMs: number;
}

/** What was charged and still counts, oldest first: for each entry when it began, when it last grew, and its units. */
export type Charges = number[];

/** What came of a charge. */
export interface Verdict {
  admitted: boolean;
  /** Units left. */
  remaining: number;
  /** Milliseconds until there is more: after a refusal until what was asked for is there. */
  resetMs: number;
}

/** Charges closer together than this part of the window are one entry, and count until the last of them would not. */
export const PARTS = 32;
const FIELDS = 3;

/**
 * Charges units if they fit: in no stretch of `windowMs` are more than `limit` admitted, wherever it begins. Changes
 * `charges`, which stays short whatever the limit. A refusal charges nothing, so that asking too early costs nothing.
 * Negative units give back what was charged last, as far as it still counts. Redis runs the same in Lua (redis-windows.ts).
 */
export function charge(
  charges: Charges,
  now: number,
  { limit, windowMs }: Window,
  units: number,
): Verdict {
  let begin = 0;
  while (begin < charges.length && charges[begin + 1]! <= now - windowMs) begin += FIELDS;
  charges.splice(0, begin);
  let used = 0;
  for (let index = 2; index < charges.length; index += FIELDS) used += charges[index]!;
  if (units < 0) return giveBack(charges, now, { limit, windowMs }, used, -units);
  if (used + units > limit) {
    return {
      admitted: false,
      remaining: Math.max(0, limit - used),
      resetMs: untilFreed(charges, now, windowMs, used + units - limit),
    };
  }
  const last = charges.length - FIELDS;
  if (last >= 0 && now - charges[last]! < windowMs / PARTS) {
    charges[last + 1] = now;
    charges[last + 2]! += units;
  } else {
    charges.push(now, now, units);
  }
  return {
    admitted: true,
    remaining: limit - used - units,
    resetMs: untilFreed(charges, now, windowMs, 1),
  };
}

function giveBack(
  charges: Charges,
  now: number,
  { limit, windowMs }: Window,
  used: number,
  units: number,
): Verdict {
  let left = units;
  while (left > 0 && charges.length > 0) {
    const back = Math.min(left, charges.at(-1)!);
    left -= back;
    charges[charges.length - 1]! -= back;
    if (charges.at(-1) === 0) charges.splice(-FIELDS);
  }
  const remaining = Math.max(0, limit - used + units - left);
  return { admitted: true, remaining, resetMs: untilFreed(charges, now, windowMs, 1) };
}

/** Milliseconds until so many units count no longer; the whole window when more are asked for than were charged. */
function untilFreed(charges: Charges, now: number, windowMs: number, units: number): number {
  let freed = 0;
  for (let index = 0; index < charges.length; index += FIELDS) {
    freed += charges[index + 2]!;
    if (freed >= units) return charges[index + 1]! + windowMs - now;
  }
  return charges.length === 0 ? 0 : windowMs;
}
