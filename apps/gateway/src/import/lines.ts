import { AppError } from '@flotilla/contracts/errors';
import { StringDecoder } from 'node:string_decoder';

/** A longer line is cut: no line that could be taken is anywhere near as long. In UTF-16 units. */
export const MAX_LINE = 16_384;

/** More would keep everybody else waiting. */
const MAX_LINES = 1_000_000;

/** A physical line without its line break; the first one is number 1. */
export interface Line {
  number: number;
  text: string;
}

/**
 * Splits UTF-8 into lines, LF or CRLF, a chunk's worth at a time and never more than `MAX_LINE` of one line in memory.
 * Bytes that are not UTF-8 become U+FFFD; a byte order mark at the start is dropped.
 * @throws AppError `payload-too-large` beyond 1,000,000 lines
 */
export async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  const decoder = new StringDecoder('utf8');
  let number = 0;
  let rest = '';
  const line = (text: string): Line => {
    number += 1;
    const withoutMark = number === 1 && text.startsWith('\ufeff') ? text.slice(1) : text;
    return { number, text: withoutMark.replace(/\r$/, '') };
  };
  for await (const chunk of bytes) {
    const parts = decoder.write(chunk).split('\n');
    parts[0] = rest + parts[0]!;
    rest = parts.pop()!;
    // One more than allowed is kept, so that a line that was cut is seen to be too long.
    if (rest.length > MAX_LINE) rest = rest.slice(0, MAX_LINE + 1);
    if (number + parts.length > MAX_LINES) {
      throw new AppError('payload-too-large', `A file takes at most ${MAX_LINES} lines.`);
    }
    if (parts.length > 0) yield parts.map(line);
  }
  rest += decoder.end();
  if (rest !== '') yield [line(rest)];
}
