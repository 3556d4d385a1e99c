import pg from 'pg';
import { APPENDED_CHANNEL } from './event-streams.js';

const RECONNECT_MS = 1_000;

/** Calls back whenever events were appended, by a connection of its own, which it makes anew for ever. Polling covers what it misses. */
export class AppendListener {
  private client?: pg.Client;
  private retry?: NodeJS.Timeout;
  private stopped = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly onAppend: () => void,
  ) {}

  start(): void {
    void this.connect();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    await this.client?.end();
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: 'event-relay',
      connectionTimeoutMillis: RECONNECT_MS,
      keepAlive: true,
    });
    this.client = client;
    client.on('notification', this.onAppend);
    // A database that is away is reported by the polling next door; here it only means another attempt.
    client.on('error', () => undefined);
    client.once('end', () => this.reconnect());
    try {
      await client.connect();
      await client.query(`LISTEN ${APPENDED_CHANNEL}`);
    } catch {
      await client.end().catch(() => undefined);
    }
    // What was appended while nobody listened.
    this.onAppend();
  }

  private reconnect(): void {
    if (!this.stopped) this.retry = setTimeout(() => void this.connect(), RECONNECT_MS);
  }
}
