export * from '../../../libs/testing/src/b.js';
