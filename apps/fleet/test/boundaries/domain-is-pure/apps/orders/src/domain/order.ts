export * from '../repositories/rows.js';
