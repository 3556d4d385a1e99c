import {
  type DeadLetterView,
  listDeadLettersOperation,
  ListDeadLettersRequest,
  type LogEntry,
  type ReplayedDeadLetters,
  replayDeadLettersOperation,
  ReplayDeadLettersRequest,
  readLogOperation,
  ReadLogRequest,
  readStreamOperation,
  ReadStreamRequest,
} from '@flotilla/contracts/event-stream';
import type { EventEnvelope } from '@flotilla/contracts/events';
import { Database } from '@flotilla/runtime/database';
import { fitting } from '@flotilla/runtime/message-size';
import { Controller, type Type } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { DeadLetters } from './dead-letters.js';
import { readLog } from './event-log.js';
import { readStream } from './event-streams.js';

/** Events of a stream in one answer, at most. */
const PAGE = 100;

/** The controller by which a service lets consumers fetch what they missed: its subjects name the service. */
export function streamController(service: string): Type {
  @Controller()
  class StreamController {
    constructor(private readonly database: Database) {}

    @MessagePattern(readStreamOperation(service).subject)
    async read(@Payload() request: ReadStreamRequest): Promise<{ events: EventEnvelope[] }> {
      const { streamId, afterVersion } = request;
      return { events: fitting(await readStream(this.database, streamId, afterVersion, PAGE)) };
    }

    @MessagePattern(readLogOperation(service).subject)
    async readLog(@Payload() { after }: ReadLogRequest): Promise<{ entries: LogEntry[] }> {
      return { entries: await readLog(this.database, after) };
    }
  }
  return StreamController;
}

/** The controller by which operators see and replay a service's dead letters. */
export function deadLettersController(service: string): Type {
  @Controller()
  class DeadLettersController {
    constructor(private readonly letters: DeadLetters) {}

    @MessagePattern(listDeadLettersOperation(service).subject)
    async list(@Payload() request: ListDeadLettersRequest): Promise<{ data: DeadLetterView[] }> {
      return { data: fitting(await this.letters.list(request.limit)) };
    }

    @MessagePattern(replayDeadLettersOperation(service).subject)
    replay(@Payload() request: ReplayDeadLettersRequest): Promise<ReplayedDeadLetters> {
      return this.letters.replay(request.ids);
    }
  }
  return DeadLettersController;
}
