export * from '../../orders/src/bootstrap.js';
