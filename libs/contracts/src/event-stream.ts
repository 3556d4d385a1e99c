import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import type { EventEnvelope } from './events.js';
import type { Id } from './ids.js';
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

/** Which part of a producer's log is wanted: what has a position after this one. */
export class ReadLogRequest {
  @IsInt()
  @Min(0)
  after: number;
}

/** An event in the log of its producer: which it is, not what it says. */
export interface LogEntry {
  position: number;
  id: Id<'evt'>;
  streamId: string;
  version: number;
  /** So old that nothing can appear before it any more: positions are taken before they are committed. */
  settled: boolean;
}

/** Every producer lets consumers see what they may have missed: `orders.read-log.v1` and the like, in order, page by page. */
export function readLogOperation(
  producer: string,
): Operation<ReadLogRequest, { entries: LogEntry[] }> {
  return operation<{ entries: LogEntry[] }>()(`${producer}.read-log.v1`, ReadLogRequest, {
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
