const DELIMITER = ',';
const QUOTE = '"';

/** What a line made of a record: complete, still open inside quotes, or not CSV at all. */
export type RecordState = 'complete' | 'open' | 'malformed';

/** One record of RFC 4180, fed line by line, because a quoted field may hold line breaks. */
export class CsvRecord {
  readonly fields: string[] = [];
  #field = '';
  #quoted = false;

  /** Takes the next physical line, without its line break. */
  feed(line: string): RecordState {
    let at = 0;
    if (this.#quoted) this.#field += '\n';
    for (;;) {
      if (!this.#quoted && line[at] === QUOTE) {
        this.#quoted = true;
        at += 1;
      }
      if (this.#quoted) {
        at = this.#readQuoted(line, at);
        if (this.#quoted) return 'open';
        if (at < line.length && line[at] !== DELIMITER) return 'malformed';
      } else {
        const end = line.indexOf(DELIMITER, at);
        this.#field = end === -1 ? line.slice(at) : line.slice(at, end);
        if (this.#field.includes(QUOTE)) return 'malformed';
        at = end === -1 ? line.length : end;
      }
      this.fields.push(this.#field);
      this.#field = '';
      if (at >= line.length) return 'complete';
      at += 1;
    }
  }

  /** Reads on inside quotes, where two of them stand for one; returns where it stopped. */
  #readQuoted(line: string, from: number): number {
    for (let at = from; ;) {
      const quote = line.indexOf(QUOTE, at);
      if (quote === -1) {
        this.#field += line.slice(at);
        return line.length;
      }
      this.#field += line.slice(at, quote);
      if (line[quote + 1] !== QUOTE) {
        this.#quoted = false;
        return quote + 1;
      }
      this.#field += QUOTE;
      at = quote + 2;
    }
  }
}
