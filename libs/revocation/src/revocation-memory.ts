import {
  type RevocationEntry,
  type RevocationKind,
  REVOCATIONS_MATTER_MS,
} from '@flotilla/contracts/revocation';

interface Remembered {
  /** Which entry of this process it came with. */
  mark: number;
  at: number;
  entry: RevocationEntry;
}

/** What a user's tokens have to be, as the feed says. */
export type UserStanding = Pick<
  Extract<RevocationEntry, { kind: 'user' }>,
  'lowestVersion' | 'disabled'
>;

/**
 * What was revoked, for as long as somebody may still come with it (65 minutes). Entries are tombstones: whatever was asked
 * before one of them arrived here, and is answered after, is known to be old.
 */
export class RevocationMemory {
  private entries = 0;
  private forgotten = 0;
  private readonly kinds: Record<RevocationKind, Map<string, Remembered>> = {
    'api-key': new Map(),
    grant: new Map(),
    session: new Map(),
    token: new Map(),
    client: new Map(),
    user: new Map(),
  };

  /** A point between the entries that arrived: taken before something is asked, it dates the answer. */
  get mark(): number {
    return this.entries;
  }

  apply(entry: RevocationEntry, now = performance.now()): void {
    const kind = this.kinds[entry.kind];
    // Set anew it is the youngest, so the oldest are always first.
    kind.delete(entry.id);
    kind.set(entry.id, { mark: (this.entries += 1), at: now, entry });
    for (const [id, { at }] of kind) {
      if (at > now - REVOCATIONS_MATTER_MS) break;
      kind.delete(id);
    }
  }

  /** Whether what was known of a thing at `mark` is out of date. For marks of the last 65 minutes. */
  changedSince(mark: number, kind: RevocationKind, id: string): boolean {
    if (mark < this.forgotten) return true;
    const remembered = this.kinds[kind].get(id);
    return remembered !== undefined && remembered.mark > mark;
  }

  /** Whether a grant, session, token or client is over. */
  isRevoked(kind: Exclude<RevocationKind, 'api-key' | 'user'>, id: string): boolean {
    return this.kinds[kind].has(id);
  }

  /** What the feed said last of a user; undefined when nothing that still matters. */
  standingOf(userId: string): UserStanding | undefined {
    const entry = this.kinds.user.get(userId)?.entry;
    return entry?.kind === 'user' ? entry : undefined;
  }

  /** Everything known so far is out of date. */
  forgetEverything(): void {
    this.forgotten = this.entries += 1;
  }
}
