import type { Actor } from '@flotilla/contracts/actor';
import { notFound } from '@flotilla/contracts/errors';
import { type Id, toId } from '@flotilla/contracts/ids';
import {
  CancelOrder,
  ConfirmOrder,
  FindOrders,
  ListOrders,
  ListUserOrders,
  type OrderView,
  PlaceOrder,
} from '@flotilla/contracts/orders';
import { FindProducts, ListProducts, type ProductView } from '@flotilla/contracts/products';
import {
  ChangeProfile,
  DEFAULT_PREFERENCES,
  FindUsers,
  GetUser,
  ListUsers,
  type UserView,
} from '@flotilla/contracts/users';
import type { Operation } from '@flotilla/contracts/operation';
import type { Services } from './services.js';
import { ORDER } from './order.js';

const AT = '2026-01-02T03:04:05.678Z';
const uuid = (index: number) => `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`;

/** Orders, users and products behind the gateway: order `n` is of user `n`, and of two products of its own. */
export class ShopStandIn {
  /** Subjects that were asked, and for whom. */
  calls: { subject: string; actor: Actor | null }[] = [];

  private readonly stops = new Map<string, () => Promise<void>>();

  private constructor(private readonly services: Services) {}

  static async open(services: Services): Promise<ShopStandIn> {
    const shop = new ShopStandIn(services);
    const page = <Item>(data: Item[]) => ({
      data,
      nextCursor: 'next',
      cursors: data.map((_, index) => `c${index}`),
    });
    await shop.serve(ListOrders, ({ limit = 20 }) => page(count(limit).map(orderOf)));
    await shop.serve(ListUsers, ({ limit = 20 }) => page(count(limit).map(userOf)));
    await shop.serve(ListProducts, ({ limit = 20 }) =>
      page(count(limit).map((index) => productOf(`P-${index}`))),
    );
    await shop.serve(FindOrders, ({ orderIds }) => ({
      data: orderIds.map((id) => ({ userId: userId(indexOf(id)), order: orderOf(indexOf(id)) })),
    }));
    await shop.serve(ListUserOrders, ({ lists }) => ({
      data: lists.map((list) => page([orderOf(indexOf(list.userId))])),
    }));
    await shop.serve(FindUsers, ({ userIds }) => ({
      data: userIds.map((id) => userOf(indexOf(id))),
    }));
    await shop.serve(GetUser, ({ userId: id }, actor) => {
      if (id !== actor?.userId && !actor?.permissions.includes('users:admin')) {
        throw notFound('user');
      }
      return { ...userOf(0), id };
    });
    await shop.serve(FindProducts, ({ skus }) => ({
      data: skus.filter((sku) => /^p-/i.test(sku)).map((sku) => productOf(sku.toUpperCase())),
    }));
    for (const operation of [PlaceOrder, ConfirmOrder, CancelOrder]) {
      await shop.serve(operation as Operation<object, OrderView>, () => {
        throw notFound('order');
      });
    }
    await shop.serve(ChangeProfile, ({ userId: id }) => ({ ...userOf(0), id }));
    return shop;
  }

  /** How often each subject was asked. */
  counts(): Record<string, number> {
    const grouped = Object.groupBy(this.calls, ({ subject }) => subject);
    return Object.fromEntries(Object.entries(grouped).map(([name, all]) => [name, all!.length]));
  }

  /** Answers an operation, from now on like this. */
  async serve<Request extends object, Response>(
    operation: Operation<Request, Response>,
    answer: (request: Request, actor: Actor | null) => Response,
  ): Promise<void> {
    await this.stops.get(operation.subject)?.();
    const stop = await this.services.answer(operation, (request, { actor }) => {
      this.calls.push({ subject: operation.subject, actor });
      return answer(request, actor);
    });
    this.stops.set(operation.subject, stop);
  }
}

function count(length: number): number[] {
  return Array.from({ length }, (_, index) => index + 1);
}

export function userId(index: number): Id<'usr'> {
  return toId('usr', uuid(index));
}

function indexOf(id: Id): number {
  const index = count(200).find((one) =>
    [userId(one), toId('ord', uuid(one))].includes(id as Id<'usr'>),
  );
  return index ?? 0;
}

function orderOf(index: number): OrderView {
  const items = ['A', 'B'].map((letter) => ({
    ...ORDER.items[0]!,
    sku: `P-${index}-${letter}`,
  }));
  return { ...ORDER, id: toId('ord', uuid(index)), number: `F-${index}`, items };
}

function userOf(index: number): UserView {
  return {
    id: userId(index),
    email: `u${index}@example.com`,
    firstName: 'Ada',
    lastName: 'King',
    displayName: 'Ada King',
    preferences: { ...DEFAULT_PREFERENCES },
    createdAt: AT,
    updatedAt: AT,
    version: 1,
  };
}

function productOf(sku: string): ProductView {
  return {
    sku,
    name: 'Nut',
    description: null,
    price: { amount: 5, currency: 'EUR' },
    attributes: {},
    status: 'active',
    available: 3,
    createdAt: AT,
    updatedAt: AT,
    version: 1,
  };
}
