import { pathToFileURL } from 'node:url';
import { entryPoint } from '../../services.js';
import { Child } from '../child.js';
import type { LoadConnection } from '../load/connection.js';
import type { Load } from '../load/load.js';
import { percentiles } from '../load/percentiles.js';
import type { Figures, Measurement, Mode, PreparedMode } from '../mode.js';
import type { Target } from '../target.js';
import { type Credentials, GatewayGuests, type Reader } from './gateway-guests.js';
import { OwnGateway } from './own-gateway.js';

const READERS = 16;

/** What is read, and who asks: each request with the next of these headers. */
interface ReadSettings {
  path: string;
  credentials: Credentials;
}

/** What authentication and limits take from a read, verifying keys by itself, and how long a revocation takes. */
export const gateway: Mode = {
  name: 'gateway',
  summary: 'guarded reads as a share of unguarded ones; verification; receipts of revocations',
  variants: [
    { name: 'redis', concurrency: READERS },
    { name: 'local', concurrency: READERS },
    { name: 'token', concurrency: READERS },
    { name: 'verification', concurrency: 1 },
    { name: 'revocation', concurrency: 1 },
  ],
  load: (settings) => new ReadLoad(settings as ReadSettings),
  prepare: (target) => PreparedGateways.open(target),
};

class ReadLoad implements Load {
  readonly bringsCredentials = true;
  private asked = 0;

  constructor(private readonly settings: ReadSettings) {}

  async operate(connection: LoadConnection): Promise<void> {
    const { path, credentials } = this.settings;
    const { status } = await connection.get(path, credentials[this.asked++ % credentials.length]);
    if (status !== 200) throw new Error(`answered ${status}`);
  }
}

/** A gateway with its guards and one without, which are equal in everything else. */
class PreparedGateways implements PreparedMode {
  private constructor(
    private readonly target: Target,
    private readonly guests: GatewayGuests,
    private readonly guarded: OwnGateway,
    private readonly unguarded: OwnGateway,
    private readonly verifier: Child,
  ) {}

  static async open(target: Target): Promise<PreparedGateways> {
    const guests = await GatewayGuests.make(target);
    const [guarded, unguarded] = await Promise.all(
      (['main', 'measurements/unguarded'] as const).map((file) => OwnGateway.start(target, file)),
    );
    const verifier = Child.start(
      pathToFileURL(entryPoint('gateway', 'measurements/verification')),
      {},
      { flags: ['--expose-gc'] },
    );
    return new PreparedGateways(target, guests, guarded!, unguarded!, verifier);
  }

  measure({ variant, ...measurement }: Measurement): Promise<Figures> {
    const { seconds } = measurement;
    if (variant === 'verification') return this.verifier.ask({ seconds }, this.target.signal);
    if (variant === 'revocation') return this.revocations(seconds);
    return this.reads(this.guests.credentials[variant as Reader], measurement);
  }

  async close(): Promise<void> {
    await Promise.all([this.guarded, this.unguarded, this.verifier].map((child) => child.end()));
    await this.guests.leave();
  }

  /** Half of the unguarded ones before and half after, so that a machine that gets slower meanwhile favours neither. */
  private async reads(credentials: Credentials, measurement: Measurement): Promise<Figures> {
    const settings: ReadSettings = { path: this.guests.path, credentials };
    const load = async ({ url, pid }: OwnGateway, seconds: number) => {
      const job = { mode: gateway.name, settings, gateway: { url, pid }, ...measurement, seconds };
      return (await this.target.load(job)).figures;
    };
    const { seconds } = measurement;
    const before = await load(this.unguarded, seconds / 2);
    const guarded = await load(this.guarded, seconds);
    const after = await load(this.unguarded, seconds / 2);
    return {
      ...guarded,
      ratioToUnguarded: guarded.perSecond / ((before.perSecond + after.perSecond) / 2),
    };
  }

  /** One after the other: from the request to the receipt of every gateway, of which there are three at least. */
  private async revocations(seconds: number): Promise<Figures> {
    const latencies: number[] = [];
    const started = performance.now();
    while (performance.now() < started + seconds * 1_000) {
      const id = await this.guests.makeKey();
      const begun = performance.now();
      const gateways = await this.guests.revoke(id);
      latencies.push(performance.now() - begun);
      if (gateways < 3) throw new Error(`only ${gateways} gateways were told of a revocation`);
    }
    const busyMs = latencies.reduce((sum, ms) => sum + ms, 0);
    return { perSecond: latencies.length / (busyMs / 1_000), ...percentiles(latencies) };
  }
}
