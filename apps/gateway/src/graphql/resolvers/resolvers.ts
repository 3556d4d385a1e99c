import { OrdersResolver } from './orders.resolver.js';
import { OrderItemsResolver, ProductsResolver } from './products.resolver.js';
import { UsersResolver } from './users.resolver.js';

/** What the schema is made of. */
export const RESOLVERS = [UsersResolver, OrdersResolver, OrderItemsResolver, ProductsResolver];
