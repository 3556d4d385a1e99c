import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { QuotaBlocks } from './quota-blocks.js';

/** Spends a unit of the quota of a key that has one: last of the guards, so that a refused request costs nothing. */
@Injectable()
export class QuotaGuard implements CanActivate {
  constructor(private readonly quotas: QuotaBlocks) {}

  /** Throws `quota-exhausted`, `unavailable`. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { caller, edge } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!caller?.quota || !caller.actor.keyId) return true;
    await this.quotas.spend(caller.actor.keyId);
    edge.quotaUnits = 1;
    return true;
  }

  /**
   * Spends so many units more for a request that is worth more than one. What was spent when it is refused goes back once that
   * is answered. Throws as `canActivate`.
   */
  async spendMore({ caller, edge }: FastifyRequest, units: number): Promise<void> {
    const { keyId } = caller?.quota ? caller.actor : {};
    if (!keyId) return;
    for (let spent = 0; spent < units; spent += 1) {
      await this.quotas.spend(keyId);
      edge.quotaUnits += 1;
    }
  }
}
