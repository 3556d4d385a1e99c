import { createServer } from 'node:net';
import { freePort } from '@flotilla/servers/ports';

const LAST_PORT = 65_535;
/** `localhost` is either of them to clients. */
const LOOPBACKS = ['127.0.0.1', '::1'];

/** The ports that others have to know before whoever listens there has started. */
export interface KnownPorts {
  /** What clients are told; the first one is the address that the whole fleet goes by. */
  gateway: number[];
  /** Where gateways find identity. */
  identity: number[];
}

/** Ports that are free now: of gateways from `first` on, or any with 0; of identity any. */
export async function choosePorts(
  first: number,
  replicas: Record<keyof KnownPorts, number>,
): Promise<KnownPorts> {
  const gateway: number[] = [];
  while (gateway.length < replicas.gateway) {
    const last = gateway.at(-1);
    gateway.push(await nextFreePort(last === undefined ? first : last + 1));
  }
  const identity = Array.from({ length: replicas.identity }, () => freePort());
  return { gateway, identity: await Promise.all(identity) };
}

/**
 * The first port from `first` on that nobody listens on; with 0, any.
 * @throws Error when there is none up to 65535
 */
export async function nextFreePort(first: number): Promise<number> {
  if (first === 0) return freePort();
  for (let port = first; port <= LAST_PORT; port += 1) {
    const free = await Promise.all(LOOPBACKS.map((host) => isFree(port, host)));
    if (free.every(Boolean)) return port;
  }
  throw new Error(`There is no free port from ${first} on`);
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    // A machine without IPv6 has nobody listening there either.
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
