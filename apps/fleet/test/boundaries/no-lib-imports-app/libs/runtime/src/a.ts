export * from '../../../apps/orders/src/order.js';
