import type { Actor } from '@flotilla/contracts/actor';
import type { Operation } from '@flotilla/contracts/operation';
import { NatsLink } from '@flotilla/messaging/nats-link';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { processConfig } from '@flotilla/runtime/config';
import { HealthRegistry } from '@flotilla/runtime/health-registry';
import { createLogger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { runInContext } from '@flotilla/runtime/request-context';
import { connect } from '@nats-io/transport-node';
import { percentiles } from '../load/percentiles.js';
import { clientOptions, ECHO_SUBJECT, RAW_SUBJECT } from './messaging-subjects.js';

export interface ClientJob {
  kind: 'ours' | 'raw';
  concurrency: number;
  seconds: number;
}

export interface ClientResult {
  operations: number;
  seconds: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
}

const TIMEOUT_MS = 2_000;

/** About as large as an order. */
const REQUEST = {
  idempotencyKey: '5feceb66ffc86f38d952786c6d696c79',
  order: {
    items: [
      { sku: 'TEA-SENCHA-100', quantity: 2 },
      { sku: 'POT-CAST-IRON', quantity: 1 },
    ],
    metadata: { note: 'about as large as an order that somebody places' },
  },
};

const ECHO: Operation<typeof REQUEST, typeof REQUEST> = {
  subject: ECHO_SUBJECT,
  request: class {} as new () => typeof REQUEST,
  idempotent: true,
  errors: [],
};

const ACTOR: Actor = {
  userId: 'usr_01h455vb4pex5vsknk084sn02q',
  mode: 'live',
  permissions: ['orders:read', 'orders:write'],
};

const { natsUrl } = processConfig();
const link = new NatsLink(
  { service: 'bench', natsUrl },
  createLogger('bench', 'error'),
  new HealthRegistry(),
);
link.onModuleInit();
await link.connection();
const rpc = new RpcClient(link, new Metrics('bench'));
const bare = await connect(clientOptions(natsUrl));

const CALLS = {
  ours: () => {
    const deadline = performance.now() + TIMEOUT_MS;
    return runInContext({ requestId: 'bench', actor: ACTOR, deadline }, () =>
      rpc.call(ECHO, REQUEST),
    );
  },
  raw: async () => {
    const reply = await bare.request(RAW_SUBJECT, JSON.stringify(REQUEST), { timeout: TIMEOUT_MS });
    return reply.json();
  },
};

process.on('message', (job: ClientJob) => void run(job).then((result) => process.send?.(result)));
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });

async function run({ kind, concurrency, seconds }: ClientJob): Promise<ClientResult> {
  const call = CALLS[kind];
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1_000;
  const worker = async () => {
    for (let begun = performance.now(); begun < end; begun = performance.now()) {
      await call();
      latencies.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return {
    operations: latencies.length,
    seconds: (performance.now() - started) / 1_000,
    ...percentiles(latencies),
  };
}
