import { Cache } from '@flotilla/cache/cache';
import type { InvalidatingEvents } from '@flotilla/cache/invalidations';
import type { Actor } from '@flotilla/contracts/actor';
import { USERS_EVENTS } from '@flotilla/contracts/events';
import type { Operation } from '@flotilla/contracts/operation';
import { ChangePreferences, ChangeProfile, GetUser } from '@flotilla/contracts/users';
import { Injectable } from '@nestjs/common';

/** A kind of thing that answers are kept about, and what ends that. */
interface KeptKind<Request extends object> {
  /** Whose answers are kept. None of them decides about stock, money or credentials. */
  reads: readonly Operation<Request, unknown>[];
  /** After which they are not what they were. */
  changes: readonly Operation<Request, unknown>[];
  /** Which thing a request is about. */
  tagOf(request: Request): string;
  /** By which it is heard that they are not, whoever made the change. */
  events: InvalidatingEvents;
}

const userTag = (userId: string): string => `user:${userId}`;

const USER: KeptKind<{ userId: string }> = {
  reads: [GetUser],
  changes: [ChangeProfile, ChangePreferences],
  tagOf: ({ userId }) => userTag(userId),
  events: { channel: USERS_EVENTS, filter: 'user.*', tags: ({ subject }) => [userTag(subject)] },
};

/** All that is kept: another kind is another entry. */
const KINDS = [USER];

/** The events that end what is kept. */
export const KEPT_UNTIL: readonly InvalidatingEvents[] = KINDS.map(({ events }) => events);

interface Use {
  tagOf(request: object): string;
  isChange: boolean;
}

/** What asking means for what is kept, by the subject of the operation. */
const USES: ReadonlyMap<string, Use> = new Map(KINDS.flatMap(usesOf));

function usesOf<Request extends object>(kind: KeptKind<Request>): [subject: string, Use][] {
  const tagOf = kind.tagOf as Use['tagOf'];
  return [
    ...kind.reads.map(({ subject }): [string, Use] => [subject, { tagOf, isChange: false }]),
    ...kind.changes.map(({ subject }): [string, Use] => [subject, { tagOf, isChange: true }]),
  ];
}

/** Answers of services that the gateway gives again without asking, to the same caller, until what they are about changes. */
@Injectable()
export class KeptAnswers {
  constructor(private readonly cache: Cache) {}

  /** The answer that was kept, or else that of `ask`. Throws what `ask` throws. */
  async answer<Request extends object, Response>(
    { subject }: Operation<Request, Response>,
    request: Request,
    actor: Actor | undefined,
    ask: () => Promise<Response>,
  ): Promise<Response> {
    const use = USES.get(subject);
    if (!use) return ask();
    const tags = [use.tagOf(request)];
    if (!use.isChange) {
      // Services look at all of the actor to decide who may see what.
      const key = { request, actor: actor ?? null };
      return this.cache.read({ name: subject, key, tags }, ask);
    }
    try {
      return await ask();
    } finally {
      // After an error as well: it may have been carried out.
      await this.cache.forget(tags);
    }
  }
}
