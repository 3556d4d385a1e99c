export * from '../controllers/orders.controller.js';
