import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** A way to a PostgreSQL server on which answers can get lost, and which can lead to another server. */
export interface LossyConnection {
  readonly url: string;
  /** Of the next transaction whose statements contain the text, the COMMIT takes effect and its answer is lost. */
  loseCommitOf(text: string): void;
  isLosing(): boolean;
  /** From now on it leads to the server of this URL; who is connected to the old one has lost it. */
  leadTo(databaseUrl: string): void;
  close(): Promise<void>;
}

/** PostgreSQL's CommandComplete message: its tag, a length of 11, the command. */
const COMMITTED = Buffer.from('C\0\0\0\x0bCOMMIT\0', 'latin1');

/** Listens on a port of its own, and passes on to the server of this URL. */
export async function lossyConnection(databaseUrl: string): Promise<LossyConnection> {
  let target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let losing: string | undefined;
  const server = createServer((client) => {
    const database = createConnection({ host: target.hostname, port: Number(target.port) });
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    let isMeant = false;
    client.on('data', (bytes) => {
      isMeant ||= losing !== undefined && bytes.includes(losing);
      database.write(bytes);
    });
    database.on('data', (bytes) => {
      const isCommitted = bytes.includes(COMMITTED);
      if (isCommitted && isMeant && losing !== undefined) {
        losing = undefined;
        client.destroy();
        return;
      }
      client.write(bytes);
    });
    client.on('close', () => database.destroy());
    database.on('close', () => client.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    loseCommitOf: (text) => void (losing = text),
    isLosing: () => losing !== undefined,
    leadTo: (other) => {
      target = new URL(other);
      breakAll();
    },
    close: async () => {
      breakAll();
      await new Promise((closed) => server.close(closed));
    },
  };
}
