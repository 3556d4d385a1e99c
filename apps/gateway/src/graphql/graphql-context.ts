import type { Actor, Mode } from '@flotilla/contracts/actor';
import { unauthenticated } from '../auth/credentials.js';
import type { FleetClient } from '../clients/fleet-client.js';
import type { EdgeContext } from '../http/edge-context.js';
import { type Loaders, loadersFor } from './loaders.js';

/** What the resolvers of one request share, and never those of two. */
export class GraphqlContext {
  readonly loaders: Loaders;
  /** A mutation was answered as it was the first time. */
  replayed = false;

  constructor(
    readonly edge: EdgeContext,
    fleet: FleetClient,
    /** Takes what the operation costs from the limit of the caller. */
    readonly charge: (cost: number) => Promise<void>,
  ) {
    this.loaders = loadersFor(fleet, this.mode);
  }

  /** Who asks. @throws AppError `unauthenticated` */
  get actor(): Actor {
    if (!this.edge.actor) throw unauthenticated();
    return this.edge.actor;
  }

  /** How much the caller may ever take at once. */
  get limit(): number {
    return Math.min(...this.edge.taken.map(({ policy }) => policy.limit));
  }

  /** That of the credential, live without one. */
  get mode(): Mode {
    return this.edge.actor?.mode ?? 'live';
  }
}
