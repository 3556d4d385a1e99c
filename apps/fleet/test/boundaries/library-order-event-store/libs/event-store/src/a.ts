export * from '../../servers/src/b.js';
