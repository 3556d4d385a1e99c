import type { Target } from '../target.js';
import { archiveProducts, makeProducts } from './bench-products.js';

const PRODUCTS = 2_000;
/** Words of names: all colours with all stuffs, thing by thing. */
const COLOURS = words(
  'amber azure beige black brown coral ebony green ivory khaki lilac mauve ochre olive peach plum ruby sepia teal white',
);
const STUFFS = words(
  'brass canvas cedar china copper cork cotton denim felt glass iron jute leather linen maple marble oak paper silk wool',
);
const THINGS = words(
  'basket bench bottle bowl brush bucket candle chair clock cushion desk frame jug kettle lamp mirror rug shelf stool vase',
);

/** Products with names to be searched for. */
export class SearchedProducts {
  /** Paths of searches, each for two words that some products have. */
  readonly searches = COLOURS.map(
    (colour, index) => `/api/products?search=${colour}%20${THINGS[index % 5]}`,
  );

  private constructor(
    private readonly target: Target,
    private readonly skus: readonly string[],
  ) {}

  /** @throws Error when they cannot be made */
  static async make(target: Target): Promise<SearchedProducts> {
    const skus = Array.from(
      { length: PRODUCTS },
      (_, index) => `BENCH-${target.run}-find-${index}`,
    );
    await makeProducts(
      target,
      skus.map((sku, index) => ({ sku, name: nameOf(index), onHand: 10 })),
    );
    return new SearchedProducts(target, skus);
  }

  /** One of them. */
  get path(): string {
    return `/api/products/${this.skus[0]}`;
  }

  leave(): Promise<void> {
    return archiveProducts(this.target, this.skus.values());
  }
}

function words(text: string): string[] {
  return text.split(' ');
}

function nameOf(index: number): string {
  const [colour, stuff] = [COLOURS[index % 20], STUFFS[Math.floor(index / 20) % 20]];
  return `${colour} ${stuff} ${THINGS[Math.floor(index / 400) % 20]}`;
}
