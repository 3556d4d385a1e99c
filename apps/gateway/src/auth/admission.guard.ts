import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { GraphqlContext } from '../graphql/graphql-context.js';
import { LoadShedder } from '../http/load-shedder.js';
import { AddressLimit, CallerLimit } from '../rate-limit/limit.guards.js';
import { QuotaGuard } from '../usage/quota.guard.js';
import { accessOf, admit } from './access.js';
import { Authenticate } from './authenticate.guard.js';

/** What every request passes before it is answered, one after the other. */
@Injectable()
export class Admission implements CanActivate {
  private readonly guards: readonly CanActivate[];

  constructor(
    address: AddressLimit,
    authenticate: Authenticate,
    caller: CallerLimit,
    load: LoadShedder,
    quota: QuotaGuard,
  ) {
    // The quota comes last: a refused request costs nothing.
    this.guards = [address, authenticate, caller, load, quota];
  }

  /** Throws what the guards throw. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType<string>() === 'graphql') return this.isFieldOpen(context);
    for (const guard of this.guards) {
      if (!(await guard.canActivate(context))) return false;
    }
    return true;
  }

  /** A field is part of a request that has passed; whether its caller may see it is left. */
  private isFieldOpen(context: ExecutionContext): boolean {
    const { edge } = context.getArgByIndex<GraphqlContext>(2);
    const access = accessOf(context.getHandler());
    if (access === undefined) throw new Error('The field declares no access.');
    admit(access, edge.actor);
    return true;
  }
}
