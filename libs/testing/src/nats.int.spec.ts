import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { testNats, type TestNats } from './nats.js';

/** A request for the streams that JetStream has. */
async function streamNames(url: string): Promise<string[]> {
  const { host, username, password } = new URL(url);
  const connection = await connect({ servers: host, user: username, pass: password });
  try {
    const reply = await connection.request('$JS.API.STREAM.NAMES', '', { timeout: 5_000 });
    return reply.json<{ streams: string[] | null }>().streams ?? [];
  } finally {
    await connection.close();
  }
}

async function addStream(url: string, name: string): Promise<void> {
  const { host, username, password } = new URL(url);
  const connection = await connect({ servers: host, user: username, pass: password });
  await connection.request(
    `$JS.API.STREAM.CREATE.${name}`,
    JSON.stringify({ name, subjects: [`${name}.>`], storage: 'file', num_replicas: 1 }),
    { timeout: 5_000 },
  );
  await connection.close();
}

describe('testNats', () => {
  let nats: TestNats;

  beforeAll(async () => {
    nats = await testNats();
  });

  afterAll(() => nats.stop());

  it('keeps its streams and its address over a crash', async () => {
    await addStream(nats.url, 'kept');
    await nats.kill();
    await expect(streamNames(nats.url)).rejects.toThrow();
    await nats.restart();
    expect(await streamNames(nats.url)).toEqual(['kept']);
  });

  it('forgets everything when wiped', async () => {
    await addStream(nats.url, 'lost');
    await nats.restart({ wipe: true });
    expect(await streamNames(nats.url)).toEqual([]);
  });
});
