import { RedisAway } from '@flotilla/runtime/redis-link';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Generations } from './generations.js';
import type { RedisLayer } from './redis-layer.js';

/** How a command fares: it may be carried out though nobody hears of it, and that at any time. */
type Fate = 'answered' | 'refused' | 'late';

/** A Redis that all replicas talk to, each command when the scheduler says so. */
class ScheduledRedis {
  readonly isConfigured = true;
  reconnections = 0;
  private kept = new Map<string, string>();
  private written = new Map<string, string>();

  constructor(
    private readonly scheduler: fc.Scheduler,
    private readonly fates: Fate[],
  ) {}

  find(key: string): Promise<string | undefined> {
    return this.carryOut(() => this.kept.get(key));
  }

  set(key: string, value: string): Promise<unknown> {
    return this.carryOut(() => this.kept.set(key, value));
  }

  delete(key: string): Promise<boolean> {
    return this.deleteMany([key]);
  }

  deleteMany(keys: string[]): Promise<boolean> {
    return this.carryOut(() => keys.map((key) => this.kept.delete(key)).some(Boolean));
  }

  /** As on its disk from now on. */
  write(): void {
    this.written = new Map(this.kept);
  }

  /** As it was written, for clients who had to connect again. */
  restart(): void {
    this.kept = new Map(this.written);
    this.reconnections += 1;
  }

  wipe(): void {
    this.kept.clear();
  }

  /** From now on it answers. */
  recover(): void {
    this.fates.length = 0;
  }

  private async carryOut<Answer>(command: () => Answer): Promise<Answer> {
    const fate = this.fates.shift() ?? 'answered';
    const before = this.reconnections;
    const isLost = () => before !== this.reconnections;
    await this.turn();
    if (fate === 'late') void this.turn().then(() => isLost() || command());
    if (fate !== 'answered' || isLost()) throw new RedisAway();
    const answer = command();
    await this.turn();
    if (isLost()) throw new RedisAway();
    return answer;
  }

  private turn(): Promise<void> {
    return this.scheduler.schedule(Promise.resolve());
  }
}

const REPLICAS = 3;
/** Longer than a generation is believed without asking Redis. */
const LATER_MS = 60_000;
const THING = ['thing'];

let now = 0;
beforeAll(() => {
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterAll(() => {
  jest.restoreAllMocks();
});

/** Replicas with caches that forget nothing by themselves, and a thing that changes. */
class Model {
  private readonly replicas: Generations[];
  /** What was loaded, by address: the memory of all replicas and the values in Redis, none of which is ever lost. */
  private readonly values = new Map<string, number>();
  /** Which change each replica has heard of last. */
  private readonly heard = Array.from({ length: REPLICAS }, () => 0);
  private readonly reading: Promise<void>[] = [];
  /** What somebody was given who should not have been. */
  private readonly outdated: { kept: number; heard: number }[] = [];
  private changes = 0;

  constructor(
    readonly redis: ScheduledRedis,
    private readonly scheduler: fc.Scheduler,
  ) {
    const layer = redis as unknown as RedisLayer;
    this.replicas = this.heard.map(() => new Generations('shop', layer));
  }

  /** The thing changes, by way of this replica. */
  change(replica: number): void {
    this.changes += 1;
    this.hear(replica);
  }

  /** The replica hears of all that has changed. */
  hear(replica: number): void {
    this.heard[replica] = this.changes;
    void this.replicas[replica]!.forget(THING);
  }

  /** Somebody asks this replica for the thing. */
  read(replica: number): void {
    this.reading.push(this.answer(replica));
  }

  /** Where the replica looks for the thing. */
  async address(replica: number): Promise<string> {
    return (await this.replicas[replica]!.of(THING)).join();
  }

  async settle(): Promise<void> {
    await this.scheduler.waitIdle();
    await Promise.all(this.reading);
    expect(this.outdated).toEqual([]);
  }

  private async answer(replica: number): Promise<void> {
    const heard = this.heard[replica]!;
    const address = await this.address(replica);
    const kept = this.values.get(address);
    if (kept !== undefined && kept < heard) this.outdated.push({ kept, heard });
    if (kept !== undefined) return;
    const loaded = this.changes;
    await this.scheduler.schedule(Promise.resolve());
    this.values.set(address, Math.min(loaded, this.values.get(address) ?? loaded));
  }
}

const replica = fc.nat(REPLICAS - 1);
const step = fc.oneof(
  { weight: 6, arbitrary: replica.map((who) => (model: Model) => model.read(who)) },
  { weight: 3, arbitrary: replica.map((who) => (model: Model) => model.change(who)) },
  { weight: 2, arbitrary: replica.map((who) => (model: Model) => model.hear(who)) },
  { weight: 2, arbitrary: fc.constant(() => void (now += LATER_MS)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('write', 'restart', 'wipe').map(
      (what) =>
        ({ redis }: Model) =>
          redis[what](),
    ),
  },
);
/** How much of what is under way goes on after something has happened. */
const pause = fc.oneof(fc.nat(4), fc.constant('until nothing does' as const));
const course = fc.array(fc.tuple(step, pause), { maxLength: 40, size: 'max' });
const fates = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Fate>('answered') },
    { weight: 1, arbitrary: fc.constantFrom<Fate>('refused', 'late') },
  ),
  { maxLength: 60, size: 'max' },
);

it('whoever asks after a change was heard of is not given what was loaded before it, whatever becomes of Redis', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fates, course, async (scheduler, commands, steps) => {
      const model = new Model(new ScheduledRedis(scheduler, [...commands]), scheduler);
      for (const [take, turns] of steps) {
        take(model);
        if (typeof turns === 'string') await scheduler.waitIdle();
        else
          for (let turn = 0; turn < turns && scheduler.count() > 0; turn += 1)
            await scheduler.waitOne();
      }
      await model.settle();
    }),
    { numRuns: 200 },
  );
});

it('replicas look in the same place once Redis is back, so that one finds what another has loaded', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fates, course, async (scheduler, commands, steps) => {
      const model = new Model(new ScheduledRedis(scheduler, [...commands]), scheduler);
      for (const [take] of steps) take(model);
      await model.settle();
      model.redis.recover();
      const places: string[] = [];
      // Twice: the first time each ends what it could not before.
      for (const who of [0, 1, 2, 0, 1, 2]) {
        now += LATER_MS;
        const found = model.address(who);
        await scheduler.waitIdle();
        places.push(await found);
      }
      expect(new Set(places.slice(REPLICAS)).size).toBe(1);
    }),
    { numRuns: 50 },
  );
});
