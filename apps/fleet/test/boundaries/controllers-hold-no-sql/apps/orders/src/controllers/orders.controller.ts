export * from '../../node_modules/pg/index.js';
