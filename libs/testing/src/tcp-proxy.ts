import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A connection that a test can cut as a network does: without a word to either side. */
export interface TcpProxy {
  /** The given URL, by way of the proxy. */
  readonly url: string;
  /** From now on nothing gets through, in either direction, and nobody is told. */
  cut(): void;
  /** What was held back arrives, late, and everything after it. */
  heal(): void;
  close(): Promise<void>;
}

/** Stands between a client and the server at `url`. */
export async function tcpProxy(url: string): Promise<TcpProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
      socket.on('data', (bytes) => (socket === client ? upstream : client).write(bytes));
      if (isCut) socket.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href.replace(/\/$/, ''),
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.pause();
    },
    heal: () => {
      isCut = false;
      for (const socket of sockets) socket.resume();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
