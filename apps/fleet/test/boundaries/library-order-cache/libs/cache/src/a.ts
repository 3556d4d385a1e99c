export * from '../../event-store/src/b.js';
