/** The part of cli-progress 3 that we use; it brings no types of its own. Bars go to stderr. */
declare module 'cli-progress' {
  export const Presets: { shades_classic: object };
  export class SingleBar {
    constructor(options: { format: string }, preset: object);
    start(total: number, startValue: number): void;
    increment(by: number): void;
    stop(): void;
  }
}
