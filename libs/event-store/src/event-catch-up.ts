import {
  type LogEntry,
  readLogOperation,
  readStreamOperation,
} from '@flotilla/contracts/event-stream';
import type { EventChannel } from '@flotilla/contracts/events';
import { toUuid } from '@flotilla/contracts/ids';
import { EventDispatcher } from '@flotilla/messaging/event-dispatcher';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { LOG_PAGE } from './event-log.js';

/** Streams brought up to date at once. */
const STREAMS_AT_ONCE = 8;

/**
 * Brings a consumer up to date with the log of its producer, whatever the broker has delivered or thinks it has: what a
 * restored database has lost, it has lost together with its place in the log, and reads again from there.
 */
@Injectable()
export class EventCatchUp {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly dispatcher: EventDispatcher,
  ) {}

  /**
   * Applies, through the consumer's inbox, what the log has and the inbox has not; answers how much that was when the end
   * of the log is reached. Many replicas may do so at once. Throws what the producer or the handler throws: go on later.
   */
  async run(channel: EventChannel, consumer: string, signal?: AbortSignal): Promise<number> {
    let after = await this.place(consumer);
    for (let applied = 0; ;) {
      signal?.throwIfAborted();
      const { entries } = await this.rpc.call(readLogOperation(channel.producer), { after });
      const missing = await this.missing(consumer, entries);
      await this.apply(channel, consumer, missing);
      applied += missing.length;
      await this.keepPlace(consumer, entries);
      if (entries.length < LOG_PAGE) return applied;
      after = entries.at(-1)!.position;
    }
  }

  private async place(consumer: string): Promise<number> {
    const [row] = await this.database.rows<{ position: string }>(
      'SELECT position FROM log_places WHERE consumer = $1',
      [consumer],
    );
    return Number(row?.position ?? 0);
  }

  /** Everything up to here is applied, and nothing can appear before it any more. */
  private async keepPlace(consumer: string, entries: readonly LogEntry[]): Promise<void> {
    const open = entries.findIndex(({ settled }) => !settled);
    const last = entries.at(open === -1 ? -1 : open - 1);
    if (open === 0 || !last) return;
    await this.database.rows(
      `INSERT INTO log_places AS place (consumer, position) VALUES ($1, $2)
       ON CONFLICT (consumer) DO UPDATE SET position = greatest(place.position, excluded.position)`,
      [consumer, last.position],
    );
  }

  private async missing(consumer: string, entries: readonly LogEntry[]): Promise<LogEntry[]> {
    const rows = await this.database.rows<{ id: string }>(
      `SELECT id FROM unnest($1::uuid[]) AS told(id)
       WHERE NOT EXISTS (SELECT 1 FROM inbox WHERE consumer = $2 AND event_id = told.id)
         AND NOT EXISTS (SELECT 1 FROM dead_letters WHERE consumer = $2 AND event_id = told.id AND failed_at IS NOT NULL)`,
      [entries.map(({ id }) => toUuid('evt', id)), consumer],
    );
    const unheard = new Set(rows.map(({ id }) => id));
    return entries.filter(({ id }) => unheard.has(toUuid('evt', id)));
  }

  private async apply(
    channel: EventChannel,
    consumer: string,
    missing: readonly LogEntry[],
  ): Promise<void> {
    const firsts = new Map(missing.toReversed().map((entry) => [entry.streamId, entry]));
    const streams = [...firsts.values()].values();
    const work = async (): Promise<void> => {
      for (const { streamId, version } of streams) {
        const from = { streamId, afterVersion: version - 1 };
        const { events } = await this.rpc.call(readStreamOperation(channel.producer), from);
        for (const event of events) await this.dispatcher.dispatch(consumer, event);
      }
    };
    await Promise.all(Array.from({ length: STREAMS_AT_ONCE }, work));
  }
}
