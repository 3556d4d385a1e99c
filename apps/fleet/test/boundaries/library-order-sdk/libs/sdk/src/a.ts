export * from '../../runtime/src/b.js';
