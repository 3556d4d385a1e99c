import type { NodeConnectionOptions } from '@nats-io/transport-node';

export const ECHO_SUBJECT = 'bench.echo.v1';
export const RAW_SUBJECT = 'bench.raw.v1';

/** The options of the bare client: those that cost or save something, as `NatsLink` has them. */
export function clientOptions(natsUrl: string): NodeConnectionOptions {
  const { host, username, password } = new URL(natsUrl);
  const credentials = username
    ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
    : {};
  return { servers: host, ...credentials, noAsyncTraces: true };
}
