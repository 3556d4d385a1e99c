/** How often something may be guessed at, and how the waits grow. Times in milliseconds. */
export interface AttemptPolicy {
  /** Failures in a row that cost nothing yet; the last of them starts the first wait. */
  readonly burst: number;
  /** One failure is forgotten in this time. */
  readonly forgetMs: number;
  /** The first wait; each further failure doubles it. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * What attempts are counted against. `account` is what somebody guesses at, known to us or not; `device` replaces all others
 * where a browser has signed in to that account before, so that no stranger's failures keep its owner out.
 */
export const ATTEMPT_POLICIES = {
  account: { burst: 5, forgetMs: 15 * MINUTE, firstWaitMs: SECOND, longestWaitMs: 15 * MINUTE },
  device: { burst: 10, forgetMs: MINUTE, firstWaitMs: SECOND, longestWaitMs: MINUTE },
  address: { burst: 20, forgetMs: 30 * SECOND, firstWaitMs: SECOND, longestWaitMs: 5 * MINUTE },
  everybody: { burst: 1000, forgetMs: 50, firstWaitMs: 50, longestWaitMs: 50 },
  // No longer than a link works: whom strangers keep from asking for one has a good one of theirs.
  mail: { burst: 3, forgetMs: 20 * MINUTE, firstWaitMs: MINUTE, longestWaitMs: 15 * MINUTE },
} as const satisfies Record<string, AttemptPolicy>;

export type AttemptScope = keyof typeof ATTEMPT_POLICIES;

/** What is remembered of one thing that attempts are counted against. */
export interface AttemptCounter {
  /** Failures not yet forgotten, as of `updatedAt`; a fraction while one is being forgotten. */
  readonly level: number;
  /** No attempt before. */
  readonly waitUntil: Date;
  readonly updatedAt: Date;
}

/** The counter after one more failure. */
export function counted(counter: AttemptCounter, policy: AttemptPolicy, now: Date): AttemptCounter {
  const idleMs = Math.max(0, now.getTime() - counter.updatedAt.getTime());
  const level = Math.max(0, counter.level - idleMs / policy.forgetMs) + 1;
  return { level, waitUntil: new Date(now.getTime() + waitMs(level, policy)), updatedAt: now };
}

/** The counter after an attempt that `counted` as a failure has turned out well. */
export function forgiven(
  counter: AttemptCounter,
  charged: Pick<AttemptCounter, 'waitUntil'>,
  now: Date,
): AttemptCounter {
  // A wait that somebody else's failure has begun since then stands.
  const own = counter.waitUntil.getTime() === charged.waitUntil.getTime();
  return {
    level: Math.max(0, counter.level - 1),
    waitUntil: own ? now : counter.waitUntil,
    updatedAt: counter.updatedAt,
  };
}

function waitMs(level: number, { burst, firstWaitMs, longestWaitMs }: AttemptPolicy): number {
  const excess = Math.round(level) - burst;
  return excess < 0 ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(excess, 30));
}
