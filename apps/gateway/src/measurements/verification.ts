import { randomBytes } from 'node:crypto';
import { checksum } from '@flotilla/contracts/api-key-format';
import type { KeyAuthentication } from '@flotilla/contracts/api-keys';
import { newUuid, toId } from '@flotilla/contracts/ids';
import { RevocationMemory } from '@flotilla/revocation/revocation-memory';
import type { Revocations } from '@flotilla/revocation/revocations';
import { Metrics } from '@flotilla/runtime/metrics';
import { KeyVerifier } from '../auth/key-verifier.js';
import type { FleetClient } from '../clients/fleet-client.js';

const WARM_KEYS = 1_000;
const RANDOM_KEYS = 1_000_000;

/** What verifying API keys costs one gateway. */
export interface VerificationFigures extends Speed, Flood {}

interface Speed {
  perSecond: number;
  /** Of this process's time on a processor, a verification, in milliseconds: what a busy machine does not distort. */
  cpuMsPerOp: number;
}

interface Flood {
  /** Megabytes that are in use after a million random keys more than before. */
  heapGrowthMb: number;
  /** Keys of the thousand warm ones that had to be looked up again after those. */
  forgotten: number;
}

/** A verifier that knows a thousand keys, and what stands behind it instead of api-keys. */
class WarmVerifier {
  lookUps = 0;
  /** Whether api-keys knows what it is asked for. */
  known = true;
  private readonly keys = Array.from({ length: WARM_KEYS }, randomKey);
  private readonly verifier;

  private constructor() {
    const fleet = {
      call: (): Promise<KeyAuthentication> => {
        this.lookUps += 1;
        return Promise.resolve({ key: this.known ? record() : null });
      },
    };
    const revocations = { memory: new RevocationMemory(), areCurrent: () => true };
    this.verifier = new KeyVerifier(
      revocations as unknown as Revocations,
      fleet as unknown as FleetClient,
      new Metrics('measurement'),
    );
  }

  static async create(): Promise<WarmVerifier> {
    const warm = new WarmVerifier();
    await warm.verifyAll();
    return warm;
  }

  async verifyAll(): Promise<void> {
    for (const key of this.keys) await this.verifier.verify(key);
  }

  /** As whoever guesses has it. */
  async refuse(key: string): Promise<void> {
    await this.verifier.verify(key).catch(() => undefined);
  }
}

/** Verifies in this process, as every request does it, without a network. */
async function speed(seconds: number): Promise<Speed> {
  const warm = await WarmVerifier.create();
  const started = performance.now();
  const startedCpu = process.cpuUsage();
  let verifications = 0;
  for (; performance.now() < started + seconds * 1_000; verifications += WARM_KEYS)
    await warm.verifyAll();
  const { user, system } = process.cpuUsage(startedCpu);
  return {
    perSecond: verifications / ((performance.now() - started) / 1_000),
    cpuMsPerOp: (user + system) / 1_000 / verifications,
  };
}

async function flood(): Promise<Flood> {
  const warm = await WarmVerifier.create();
  warm.known = false;
  const before = usedMb();
  for (let call = 0; call < RANDOM_KEYS; call += 1) await warm.refuse(randomKey());
  const heapGrowthMb = usedMb() - before;
  warm.known = true;
  warm.lookUps = 0;
  await warm.verifyAll();
  return { heapGrowthMb, forgotten: warm.lookUps };
}

function record(): KeyAuthentication['key'] {
  return {
    keyId: toId('key', newUuid()),
    userId: toId('usr', newUuid()),
    mode: 'live',
    permissions: ['orders:read'],
    rateLimit: null,
    quota: null,
    allowedIps: null,
    expiresAt: null,
  };
}

function randomKey(): string {
  const body = `sk_live_${randomBytes(22).toString('hex').slice(0, 43)}`;
  return body + checksum(body);
}

function usedMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** Once a process: it takes long, and memory tells the same a second time. */
let flooded: Promise<Flood> | undefined;

process.on('message', ({ seconds }: { seconds: number }) => {
  void speed(seconds).then(async (fast): Promise<void> => {
    const figures: VerificationFigures = { ...fast, ...(await (flooded ??= flood())) };
    process.send?.(figures);
  });
});
process.on('disconnect', () => process.exit());
