import {
  CountStreams,
  RebuildReadModel,
  RebuildReadModelRequest,
  type RebuiltPage,
} from '@flotilla/contracts/orders-read-model';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ReadModelRebuild } from '../repositories/read-model-rebuild.js';

/** What operators ask of orders, on nobody's behalf. */
@Controller()
export class RebuildController {
  constructor(private readonly readModel: ReadModelRebuild) {}

  @MessagePattern(CountStreams.subject)
  async count(): Promise<{ count: number }> {
    return { count: await this.readModel.count() };
  }

  @MessagePattern(RebuildReadModel.subject)
  rebuild(@Payload() { after }: RebuildReadModelRequest): Promise<RebuiltPage> {
    return this.readModel.page(after);
  }
}
