import { type Version, VERSIONS } from './version.js';

/**
 * One way in which a resource came to differ between two versions that follow each other. Handlers know the newest version
 * only; what clients of older ones send and get is made from it, change by change.
 */
export interface VersionChange<Newer extends object = object, Older extends object = object> {
  /** Of its golden files, in kebab-case. */
  readonly name: string;
  /** The version that came with it. */
  readonly since: Version;
  /** What clients have to know of it, as HTML. */
  readonly summary: string;
  /** What is answered, as clients of the version before know it. */
  down(newer: Newer): Older;
  /** What clients of the version before send, as it is sent since; absent where requests have stayed the same. */
  up?(body: object): object;
}

/** A representation in the newest version as clients of `version` know it. */
export function downTo(
  version: Version,
  changes: readonly VersionChange[],
  newest: object,
): object {
  return after(version, changes).reduceRight((body, change) => change.down(body), newest);
}

/** What a client of `version` sends, as the newest version takes it. */
export function upFrom(version: Version, changes: readonly VersionChange[], body: object): object {
  return after(version, changes).reduce((older, change) => change.up?.(older) ?? older, body);
}

/** The changes that clients of a version do not know, oldest first, as they are listed. */
function after(version: Version, changes: readonly VersionChange[]): VersionChange[] {
  const known = VERSIONS.indexOf(version);
  return changes.filter(({ since }) => VERSIONS.indexOf(since) > known);
}
