import { IsOptional, IsUUID } from 'class-validator';
import { operation } from './operation.js';

export class RebuildReadModelRequest {
  /** `next` of the page before. */
  @IsOptional()
  @IsUUID()
  after?: string;
}

export class CountStreamsRequest {}

/** Some of the read model was made anew. */
export interface RebuiltPage {
  /** Streams on this page. */
  orders: number;
  /** Where the next page begins; null after the last. */
  next: string | null;
}

/** Asked by operators, page by page: makes the read model what the events say. */
export const RebuildReadModel = operation<RebuiltPage>()(
  'orders.rebuild-read-model.v1',
  RebuildReadModelRequest,
  { idempotent: true },
);
/** How many streams there are to rebuild. */
export const CountStreams = operation<{ count: number }>()(
  'orders.count-streams.v1',
  CountStreamsRequest,
  { idempotent: true },
);
