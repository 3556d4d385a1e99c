import { describe, expect, it } from '@jest/globals';
import { baseName, databaseName, serviceDatabaseUrl } from './database-names.js';

describe('names of databases', () => {
  it("begin with the name of the administrator's database, or flotilla", () => {
    expect(baseName('postgres://a:b@h:1/shop')).toBe('shop');
    expect(baseName('postgres://a:b@h:1')).toBe('flotilla');
    expect(databaseName('postgres://a:b@h:1/shop', 'api-keys')).toBe('shop_api_keys');
  });

  it('lead a service to its own database under its own role and parameters of the connection', () => {
    expect(serviceDatabaseUrl('postgres://root:x@h:1/shop?sslmode=require', 'orders', 'p/w')).toBe(
      'postgres://shop_orders:p%2Fw@h:1/shop_orders?sslmode=require',
    );
  });
});
