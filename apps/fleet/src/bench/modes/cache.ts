import type { UserView } from '@flotilla/contracts/users';
import type { LoadConnection } from '../load/connection.js';
import type { Load } from '../load/load.js';
import { countsAt } from '../metrics.js';
import type { Figures, Measurement, Mode, PreparedMode } from '../mode.js';
import type { Target } from '../target.js';
import { OwnGateway } from './own-gateway.js';
import { SearchedProducts } from './searched-products.js';

const READERS = 16;
/** How often what is kept goes out of date meanwhile, by way of another gateway, in milliseconds. */
const CHANGED_EVERY_MS = 2_000;

/** What is asked for: a path, of which there may be many that are the same to the services but not to what is kept. */
interface ReadSettings {
  paths: readonly string[];
  /** Each is asked for in a way that nobody has asked before. */
  isNew: boolean;
}

/** What it gives to keep profiles, and what searches find: the same reads with it and without, while both change every other second. */
export const cache: Mode = {
  name: 'cache',
  summary: 'profiles and searches, kept and not kept',
  variants: [
    { name: 'profile', concurrency: READERS },
    { name: 'profile not kept', concurrency: READERS },
    { name: 'search', concurrency: READERS },
    { name: 'search not kept', concurrency: READERS },
  ],
  load: (settings) => new ReadLoad(settings as ReadSettings),
  prepare: (target) => PreparedCache.open(target),
};

class ReadLoad implements Load {
  private asked = 0;

  constructor(private readonly settings: ReadSettings) {}

  async operate(connection: LoadConnection): Promise<void> {
    const { paths, isNew } = this.settings;
    const path = paths[this.asked++ % paths.length]!;
    const { status } = await connection.get(isNew ? inAnotherCase(path) : path);
    if (status !== 200) throw new Error(`answered ${status}`);
  }
}

/** Searches do not tell capitals from small letters; what was found for one spelling is kept for that alone. */
function inAnotherCase(path: string): string {
  const [address, search] = path.split('search=') as [string, string];
  const letters = [...search].map((letter) =>
    Math.random() < 0.5 ? letter.toUpperCase() : letter.toLowerCase(),
  );
  return `${address}search=${letters.join('')}`;
}

/** A gateway that keeps answers and one that does not, and products to be searched for. */
class PreparedCache implements PreparedMode {
  private constructor(
    private readonly target: Target,
    private readonly keeping: OwnGateway,
    private readonly asking: OwnGateway,
    private readonly products: SearchedProducts,
    private readonly displayName: string,
  ) {}

  static async open(target: Target): Promise<PreparedCache> {
    const products = await SearchedProducts.make(target);
    const { body } = await target.gateway.request<{ profile: Pick<UserView, 'displayName'> }>(
      '/api/v2/users/me',
    );
    const keeping = await OwnGateway.start(target);
    const asking = await OwnGateway.start(target, 'main', { CACHE_MS: '0' });
    return new PreparedCache(target, keeping, asking, products, body.profile.displayName);
  }

  async measure({ variant, ...measurement }: Measurement): Promise<Figures> {
    const isProfile = variant!.startsWith('profile');
    const isKept = !variant!.endsWith('not kept');
    const gateway = isKept ? this.keeping : this.asking;
    const settings: ReadSettings = {
      paths: isProfile ? ['/api/v2/users/me'] : this.products.searches,
      isNew: !isProfile && !isKept,
    };
    const ports = isProfile ? [gateway.metricsPort] : this.inventories();
    const change = isProfile ? (n: number) => this.rename(`Bench ${n}`) : this.changeProduct;
    const stop = changing(change);
    const before = await this.counts(ports);
    const { url, pid } = gateway;
    const job = { mode: cache.name, settings, gateway: { url, pid }, ...measurement };
    const { figures } = await this.target.load(job).finally(stop);
    const after = await this.counts(ports);
    const [reads, loads] = [after[0] - before[0], after[1] - before[1]];
    return { ...figures, ...(isKept && reads > 0 && { hitRatio: 1 - loads / reads }) };
  }

  async close(): Promise<void> {
    await Promise.all([this.keeping.end(), this.asking.end()]);
    await this.rename(this.displayName);
    await this.products.leave();
  }

  private inventories(): number[] {
    const { processes } = this.target.fleet;
    return processes.filter(({ service }) => service === 'inventory').map(({ port }) => port);
  }

  private async counts(ports: readonly number[]): Promise<[reads: number, loads: number]> {
    const each = await Promise.all(
      ports.map((port) => countsAt(port, 'cache_reads_total', 'cache_loads_total')),
    );
    const sum = (index: number) => each.reduce((total, counts) => total + counts[index]!, 0);
    return [sum(0), sum(1)];
  }

  private rename(displayName: string): Promise<unknown> {
    return this.target.gateway.request('/api/v2/users/me', patch({ displayName }));
  }

  private readonly changeProduct = (n: number): Promise<unknown> =>
    this.target.gateway.request(this.products.path, patch({ attributes: { n } }));
}

function patch(body: object): { method: string; headers: Record<string, string>; body: string } {
  const headers = { 'Content-Type': 'application/json' };
  return { method: 'PATCH', headers, body: JSON.stringify(body) };
}

/** Makes a change again and again, each another one; returns how to stop that. */
function changing(change: (n: number) => Promise<unknown>): () => void {
  let n = Date.now();
  const timer = setInterval(() => void change((n += 1)).catch(() => undefined), CHANGED_EVERY_MS);
  return () => clearInterval(timer);
}
