import { Child } from '../child.js';
import type { Figures, Measurement, Mode, PreparedMode } from '../mode.js';
import { costFigures, type Target } from '../target.js';
import type { ClientJob, ClientResult } from './messaging-client.js';

/** A request and its reply by `RpcClient` and `NatsStrategy`, against the bare client on the same broker. */
export const messaging: Mode = {
  name: 'messaging',
  summary: 'requests between services, and their CPU against that of the bare NATS client',
  prepare: async (target) => {
    const env = { NATS_URL: target.fleet.natsUrl, LOG_LEVEL: 'error', PORT: '0' };
    const service = Child.start(new URL('./messaging-service.js', import.meta.url), env);
    const client = Child.start(new URL('./messaging-client.js', import.meta.url), env);
    await Promise.all([service, client].map((child) => child.message(target.signal)));
    return new PreparedMessaging(target, service, client);
  },
};

class PreparedMessaging implements PreparedMode {
  constructor(
    private readonly target: Target,
    private readonly service: Child,
    private readonly client: Child,
  ) {}

  /** One after the other, in the same minute. */
  async measure({ concurrency, seconds }: Measurement): Promise<Figures> {
    const [ours, raw] = [
      await this.run({ kind: 'ours', concurrency, seconds }),
      await this.run({ kind: 'raw', concurrency, seconds }),
    ];
    if (ours.cpuMsPerOp === undefined || raw.cpuMsPerOp === undefined) return ours;
    return { ...ours, ratioToRaw: ours.cpuMsPerOp / raw.cpuMsPerOp };
  }

  async close(): Promise<void> {
    await Promise.all([this.client.end(), this.service.end()]);
  }

  private async run(job: ClientJob): Promise<Figures> {
    const processes = [
      { name: 'client', pid: this.client.pid },
      { name: 'service', pid: this.service.pid },
    ];
    const { costs, ...result } = await this.target.costing(processes, ['nats'], () =>
      this.client.ask<ClientResult>(job, this.target.signal),
    );
    const { operations, seconds, p50Ms, p95Ms, p99Ms } = result;
    return {
      perSecond: operations / seconds,
      ...{ p50Ms, p95Ms, p99Ms },
      ...(costs && costFigures(costs, operations)),
    };
  }
}
