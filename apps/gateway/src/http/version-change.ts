import { type Version, VERSIONS } from './version.js';

/**
 * One way in which a resource came to differ between two versions that follow each other. Handlers know the newest version
 * only; what clients of older ones get is made from it, change by change. What clients send is the same in all versions.
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
}

/** A representation in the newest version as clients of `version` know it. */
export function downTo(
  version: Version,
  changes: readonly VersionChange[],
  newest: object,
): object {
  const known = VERSIONS.indexOf(version);
  return changes
    .filter(({ since }) => VERSIONS.indexOf(since) > known)
    .reduceRight((body, change) => change.down(body), newest);
}
