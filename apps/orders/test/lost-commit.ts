import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** A way to the database on which the answer to a COMMIT can get lost. */
export interface LossyConnection {
  readonly url: string;
  /** The next COMMIT takes effect, and the connection breaks before anybody hears of it. */
  loseNextCommit(): void;
  close(): Promise<void>;
}

/** PostgreSQL's CommandComplete message: its tag, a length of 11, the command. */
const COMMITTED = Buffer.from('C\0\0\0\x0bCOMMIT\0', 'latin1');

export async function lossyConnection(databaseUrl: string): Promise<LossyConnection> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let losing = false;
  const server = createServer((client) => {
    const database = createConnection({ host: target.hostname, port: Number(target.port) });
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('data', (bytes) => database.write(bytes));
    database.on('data', (bytes) => {
      if (losing && bytes.includes(COMMITTED)) {
        losing = false;
        client.destroy();
      } else {
        client.write(bytes);
      }
    });
    client.on('close', () => database.destroy());
    database.on('close', () => client.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    loseNextCommit: () => void (losing = true),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}
