import { HealthRegistry } from '@flotilla/runtime/health-registry';
import { Logger } from '@flotilla/runtime/logger';
import { pause, within } from '@flotilla/runtime/waiting';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging-options.js';

const RETRY_MS = 250;
const CLOSE_MS = 1_000;

/**
 * The service's one connection to NATS: made in the background, so that a service starts without a broker, and
 * made again for ever. Closed last of all, when handlers that were still running have had it.
 */
@Injectable()
export class NatsLink implements OnModuleInit, OnApplicationShutdown {
  private current?: NatsConnection;
  private up = false;
  private readonly stopping = new AbortController();
  private readonly listeners = new Set<() => void>();

  constructor(
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
    private readonly logger: Logger,
    private readonly health: HealthRegistry,
  ) {}

  onModuleInit(): void {
    this.health.register('nats', () =>
      this.up ? Promise.resolve() : Promise.reject(new Error('not connected')),
    );
    void this.dial();
  }

  /** Whether a message sent now goes out now. */
  get connected(): boolean {
    return this.up;
  }

  /** The connection, if it is up this instant. */
  get live(): NatsConnection | undefined {
    return this.up ? this.current : undefined;
  }

  /** The connection as soon as it is up. Rejects when `signal` aborts before; by itself that is when the service stops. */
  async connection(signal: AbortSignal = this.stopping.signal): Promise<NatsConnection> {
    if (this.up && this.current) return this.current;
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.listeners.delete(settle);
        signal.removeEventListener('abort', settle);
        if (this.current && !signal.aborted) resolve(this.current);
        else reject(new Error('the service is stopping'));
      };
      this.listeners.add(settle);
      signal.addEventListener('abort', settle);
    });
  }

  /** Calls `listener` whenever the connection was made or made again; returns how to stop that. */
  onConnect(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    const connection = this.current;
    if (!connection || connection.isClosed()) return;
    // Replies may still be in the buffer; a broker that is away must not keep us from leaving.
    if (this.up) await within(CLOSE_MS, connection.flush());
    await connection.close();
  }

  /** Our own loop: the client's `waitOnFirstConnect` could not be told to give up. */
  private async dial(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        const connection = await connect(connectionOptions(this.options));
        if (signal.aborted) return await connection.close();
        this.current = connection;
        void this.watch(connection);
        return this.changed(true);
      } catch (error) {
        if (failures === 0) this.logger.warn({ err: error }, 'NATS cannot be reached, trying on');
        await pause(RETRY_MS, signal);
      }
    }
  }

  private async watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') this.changed(false);
      else if (status.type === 'reconnect') this.changed(true);
      else if (status.type === 'error') this.logger.warn({ err: status.error }, 'NATS error');
    }
    this.up = false;
  }

  private changed(up: boolean): void {
    this.up = up;
    if (!up) {
      this.logger.warn({}, 'NATS connection lost, reconnecting');
      return;
    }
    this.logger.info({}, 'NATS connected');
    for (const listener of this.listeners) listener();
  }
}

function connectionOptions({ service, natsUrl }: MessagingOptions): NodeConnectionOptions {
  const urls = natsUrl.split(',').map((url) => new URL(url.trim()));
  const { username, password, protocol } = urls[0]!;
  return {
    name: service,
    servers: urls.map((url) => url.host),
    ...(username === ''
      ? {}
      : password === ''
        ? { token: decodeURIComponent(username) }
        : { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
    ...(protocol === 'tls:' ? { tls: {} } : {}),
    maxReconnectAttempts: -1,
    // Credentials may be wrong for a while (a broker that is being set up); giving up would need a restart of us.
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: RETRY_MS,
    reconnectJitter: RETRY_MS,
    pingInterval: 10_000,
    maxPingOut: 2,
    timeout: 5_000,
    // A stack per request costs more than the request.
    noAsyncTraces: true,
  };
}
