export * from '../../orders/src/order.js';
