import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { migrations } from '../src/migrations.js';
import { imbalances, type InventoryStore, openStore } from './inventory-store.js';

/** A database of a test file. */
export interface Stores {
  test: TestDatabase;
  /** Two processes, as far as the database can tell. */
  one: InventoryStore;
  two: InventoryStore;
}

/** Gives the tests of a file a database with two processes at work on it. After each of them its books must balance. */
export function withStores(given: (stores: Stores) => void): void {
  let stores: Stores;
  beforeAll(async () => {
    const test = await testDatabase(migrations);
    const [one, two] = await Promise.all([openStore(test.url), openStore(test.url)]);
    given((stores = { test, one, two }));
  });
  afterEach(async () => {
    expect(await imbalances(stores.test.pool())).toEqual([]);
  });
  afterAll(async () => {
    const { test, one, two } = stores;
    await Promise.all([one.close(), two.close()]);
    await test.drop();
  });
}
