import { describe, expect, it } from '@jest/globals';
import { RouteTable } from './route-table.js';

describe('RouteTable', () => {
  const table = new RouteTable();
  table.add('/api/orders', 'GET');
  table.add('/api/orders', ['POST', 'HEAD']);
  table.add('/api/orders/:id', 'GET');
  table.add('/api/a.b', 'GET');

  it.each([
    ['/api/orders', ['GET', 'HEAD', 'OPTIONS', 'POST']],
    ['/api/orders/ord_1', ['GET', 'OPTIONS']],
    ['/api/orders/ord_1/x', []],
    ['/api/orders/', []],
    ['/api/a-b', []],
  ])('%s answers %j', (path, methods) => expect(table.allowedMethods(path)).toEqual(methods));
});
