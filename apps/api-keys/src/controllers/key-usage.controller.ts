import type { Actor } from '@flotilla/contracts/actor';
import {
  GetKeyUsage,
  GetKeyUsageRequest,
  type QuotaGrant,
  RecordKeyUsage,
  RecordKeyUsageRequest,
  ReturnQuota,
  ReturnQuotaRequest,
  TakeQuota,
  TakeQuotaRequest,
  type UsageBucket,
} from '@flotilla/contracts/api-key-usage';
import { Caller } from '@flotilla/messaging/caller';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { KeyQuotaRepository } from '../repositories/key-quota.repository.js';
import { KeyUsageRepository } from '../repositories/key-usage.repository.js';

/** What api-keys counts, and lets be counted against. */
@Controller()
export class KeyUsageController {
  constructor(
    private readonly usage: KeyUsageRepository,
    private readonly quotas: KeyQuotaRepository,
  ) {}

  @MessagePattern(RecordKeyUsage.subject)
  record(@Payload() request: RecordKeyUsageRequest): Promise<void> {
    return this.usage.record(request);
  }

  @MessagePattern(GetKeyUsage.subject)
  read(
    @Caller() actor: Actor,
    @Payload() request: GetKeyUsageRequest,
  ): Promise<{ data: UsageBucket[] }> {
    return this.usage.read(actor, request);
  }

  @MessagePattern(TakeQuota.subject)
  take(@Payload() request: TakeQuotaRequest): Promise<QuotaGrant> {
    return this.quotas.take(request);
  }

  @MessagePattern(ReturnQuota.subject)
  giveBack(@Payload() request: ReturnQuotaRequest): Promise<void> {
    return this.quotas.giveBack(request);
  }
}
