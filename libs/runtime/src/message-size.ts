/** Bytes of JSON in an answer: with what goes round it, below the 1 MiB of a message that NATS takes unless told otherwise. */
const MOST_BYTES = 1_000_000;

/** As many from the beginning as one message can carry, but one at least; who wants more asks again. */
export function fitting<Item>(items: readonly Item[]): Item[] {
  let bytes = 0;
  const tooMany = items.findIndex((item, index) => {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    return index > 0 && bytes > MOST_BYTES;
  });
  return tooMany === -1 ? [...items] : items.slice(0, tooMany);
}
