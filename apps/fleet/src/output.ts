/** A command was called in a way that it does not understand: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * What a command says: lines for people, or with `--json` one document on stdout and everything else on stderr.
 */
export class Output {
  private readonly startedAt = performance.now();

  constructor(readonly json: boolean) {}

  /** A line of progress, with the seconds since the start. */
  step(text: string): void {
    const seconds = ((performance.now() - this.startedAt) / 1000).toFixed(1);
    this.line(`${seconds.padStart(6)} s  ${text}`);
  }

  /** A line for people. */
  line(text = ''): void {
    (this.json ? process.stderr : process.stdout).write(`${text}\n`);
  }

  /** What went wrong, or should be known whatever the output is used for. */
  warn(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** The answer of the command: as a document, or in words. */
  result(document: object, words: string): void {
    process.stdout.write(this.json ? `${JSON.stringify(document)}\n` : `${words}\n`);
  }
}
