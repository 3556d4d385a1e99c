import { IsInt, IsUUID, Min } from 'class-validator';
import type { EventEnvelope } from './events.js';
import { operation, type Operation } from './operation.js';

/** Which events of a stream are wanted: those after `afterVersion`. */
export class ReadStreamRequest {
  @IsUUID()
  streamId: string;

  @IsInt()
  @Min(0)
  afterVersion: number;
}

/** Every producer lets consumers fetch what they missed: `orders.read-stream.v1` and the like. */
export function readStreamOperation(
  producer: string,
): Operation<ReadStreamRequest, { events: EventEnvelope[] }> {
  return operation<{ events: EventEnvelope[] }>()(`${producer}.read-stream.v1`, ReadStreamRequest, {
    idempotent: true,
  });
}
