import {
  readRevocationsOperation,
  ReadRevocationsRequest,
  renewLeaseOperation,
  RenewLeaseRequest,
  type RevocationPage,
} from '@flotilla/contracts/revocation';
import { Controller, type Type } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { GatewayRegistry } from './gateway-registry.js';
import { RevocationLog } from './revocation-log.js';

/** The controller by which a service's feed is followed: its subjects name the service. */
export function revocationController(service: string): Type {
  @Controller()
  class RevocationController {
    constructor(
      private readonly gateways: GatewayRegistry,
      private readonly log: RevocationLog,
    ) {}

    @MessagePattern(renewLeaseOperation(service).subject)
    async renew(@Payload() { gatewayId }: RenewLeaseRequest): Promise<{ newest: number }> {
      return { newest: await this.gateways.newestFor(gatewayId) };
    }

    @MessagePattern(readRevocationsOperation(service).subject)
    read(@Payload() { after }: ReadRevocationsRequest): Promise<RevocationPage> {
      return this.log.read(after);
    }
  }
  return RevocationController;
}
