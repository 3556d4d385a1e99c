import type { Actor } from '@flotilla/contracts/actor';
import { eventActor } from '@flotilla/contracts/events';
import type { Answered } from '@flotilla/contracts/idempotency';
import {
  CreateProduct as Operation,
  type CreateProductRequest,
  type ProductView,
} from '@flotilla/contracts/products';
import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { Injectable } from '@nestjs/common';
import { describeProduct } from '../domain/description.js';
import { Products } from './ports.js';

/** Adds a product to the catalogue, with its first stock. */
@Injectable()
export class CreateProduct {
  constructor(
    private readonly requests: IdempotentRequests,
    private readonly products: Products,
  ) {}

  /** @throws AppError `sku-taken`, `validation-failed` for the attributes, and what `IdempotentRequests` throws */
  execute(
    { idempotencyKey: key, product: body }: CreateProductRequest,
    actor: Actor,
  ): Promise<Answered<ProductView>> {
    const { sku, initialStock = 0 } = body;
    const description = describeProduct(body);
    const request = { actor, key, operation: Operation.subject, body };
    return this.requests.once(request, (tx) =>
      this.products.create(tx, {
        mode: actor.mode,
        sku,
        description,
        initialStock,
        by: eventActor(actor),
      }),
    );
  }
}
