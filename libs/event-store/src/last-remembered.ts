/** A sequence that the broker once acknowledged. */
export interface Recorded {
  seq: number;
}

/**
 * The point up to which a broker that lost the end of a stream still agrees with our records: every recorded sequence up to
 * the result is remembered, none after it. Asks a logarithmic number of times.
 *
 * @param newest the highest recorded sequence
 * @param recorded finds the highest recorded sequence up to a bound
 */
export async function lastRemembered<Event extends Recorded>(
  newest: number,
  recorded: (atMost: number) => Promise<Event | undefined>,
  remembers: (event: Event) => Promise<boolean>,
): Promise<number> {
  let remembered = 0;
  let undecided = newest;
  while (remembered < undecided) {
    const middle = Math.ceil((remembered + undecided) / 2);
    const event = await recorded(middle);
    if (!event || event.seq <= remembered) remembered = middle;
    else if (await remembers(event)) remembered = middle;
    else undecided = event.seq - 1;
  }
  return remembered;
}
