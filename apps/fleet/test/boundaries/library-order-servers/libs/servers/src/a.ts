export * from '../../contracts/src/b.js';
