import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
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

/** An event that a consumer could not apply, or that waits for one. Seen by operators only. */
export interface DeadLetterView {
  id: string;
  consumer: string;
  event: EventEnvelope;
  /** What went wrong, or which version of the stream has to be applied first. */
  reason: string;
  attempts: number;
  failedAt: string;
}

/** The dead letters that are not replayed yet, oldest first. */
export class ListDeadLettersRequest {
  @IsInt()
  @Min(1)
  @Max(500)
  limit: number;
}

/** Which dead letters to replay; all when left out. What waits for one of them in its stream is replayed with it. */
export class ReplayDeadLettersRequest {
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @IsUUID(undefined, { each: true })
  ids?: string[];
}

/** Letters applied, letters that failed again, and those not reached, because they wait for one that failed or time ran out. */
export interface ReplayedDeadLetters {
  replayed: number;
  failed: number;
  remaining: number;
}

/** For operators, over NATS only: `inventory.list-dead-letters.v1` and the like. */
export function listDeadLettersOperation(
  service: string,
): Operation<ListDeadLettersRequest, { data: DeadLetterView[] }> {
  return operation<{ data: DeadLetterView[] }>()(
    `${service}.list-dead-letters.v1`,
    ListDeadLettersRequest,
    { idempotent: true },
  );
}

/** For operators, over NATS only; each letter takes effect at most once, however often it is asked. */
export function replayDeadLettersOperation(
  service: string,
): Operation<ReplayDeadLettersRequest, ReplayedDeadLetters> {
  return operation<ReplayedDeadLetters>()(
    `${service}.replay-dead-letters.v1`,
    ReplayDeadLettersRequest,
    { idempotent: true },
  );
}
