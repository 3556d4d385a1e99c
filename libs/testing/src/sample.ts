const DAY_MS = 86_400_000;

/** Whether nothing is to be left out (`npm run complete`). */
export const isComplete = process.env.FLOTILLA_TEST_SAMPLE === 'all';

/**
 * So many of `all`, evenly spread because neighbours are alike, and the next ones on the next day (UTC): for what takes too
 * long to be shown by every run, and is to be shown by one in a few. Prints which they are. `FLOTILLA_TEST_SAMPLE` is `all`, or the number of the day to be repeated.
 */
export function sample<T>(
  what: string,
  all: readonly T[],
  size: number,
  nameOf: (one: T) => string = String,
): T[] {
  if (isComplete || size >= all.length) return [...all];
  const day = Number(process.env.FLOTILLA_TEST_SAMPLE ?? Math.floor(Date.now() / DAY_MS));
  const shift = day % Math.ceil(all.length / size);
  const chosen = Array.from({ length: size }, (_, turn) => {
    return all[(Math.floor((turn * all.length) / size) + shift) % all.length]!;
  });
  const names = chosen.map(nameOf).join(', ');
  process.stderr.write(`${size} of ${all.length} ${what} (day ${day}): ${names}\n`);
  return chosen;
}
