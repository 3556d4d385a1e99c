import { Cache } from '@flotilla/cache/cache';
import type { InvalidatingEvents } from '@flotilla/cache/invalidations';
import type { Actor } from '@flotilla/contracts/actor';
import { USERS_EVENTS } from '@flotilla/contracts/events';
import type { Operation } from '@flotilla/contracts/operation';
import { ChangePreferences, ChangeProfile, GetUser } from '@flotilla/contracts/users';
import { Injectable } from '@nestjs/common';

type TagsOf = (request: object) => readonly string[];

/** What requests of an operation are about. */
function about<Request extends object>(
  { subject }: Operation<Request, unknown>,
  tagsOf: (request: Request) => readonly string[],
): [string, TagsOf] {
  return [subject, tagsOf as TagsOf];
}

const user = ({ userId }: { userId: string }): readonly string[] => [`user:${userId}`];

/** Operations whose answers are kept. None of them decides about stock, money or credentials. */
const READS = new Map([about(GetUser, user)]);
/** Operations after which they are not what they were. */
const CHANGES = new Map([about(ChangeProfile, user), about(ChangePreferences, user)]);

/** The events by which it is heard that they are not, whoever made the change. */
export const KEPT_UNTIL: readonly InvalidatingEvents[] = [
  {
    channel: USERS_EVENTS,
    filter: 'user.*',
    tags: ({ subject }) => user({ userId: subject }),
  },
];

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
    const read = READS.get(subject);
    if (read) {
      // Services look at all of the actor to decide who may see what.
      const key = { request, actor: actor ?? null };
      return this.cache.read({ name: subject, key, tags: read(request) }, ask);
    }
    const change = CHANGES.get(subject);
    if (!change) return ask();
    try {
      return await ask();
    } finally {
      // After an error as well: it may have been carried out.
      await this.cache.forget(change(request));
    }
  }
}
