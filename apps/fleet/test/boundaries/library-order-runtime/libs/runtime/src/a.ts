export * from '../../messaging/src/b.js';
