import type { Actor } from '@flotilla/contracts/actor';
import type { ChangeProductRequest, ProductView } from '@flotilla/contracts/products';
import { Injectable } from '@nestjs/common';
import { changeDescription } from '../domain/description.js';
import { Products } from './ports.js';

/** Changes what is said of a product; orders that were placed keep what was said then. Repeatable. */
@Injectable()
export class ChangeProduct {
  constructor(private readonly products: Products) {}

  /** @throws AppError `not-found`, `precondition-failed`, `validation-failed` for the attributes */
  execute({ sku, version, changes }: ChangeProductRequest, actor: Actor): Promise<ProductView> {
    return this.products.change({ mode: actor.mode, sku, version }, (before) =>
      changeDescription(before, changes),
    );
  }
}
