import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@flotilla/servers/ports';
import { testRun } from '@flotilla/testing/test-run';
import { describe, expect, it } from '@jest/globals';
import { importFile } from './catalogue.js';
import { databaseUrlOf, gatewayOf } from './commands/fleet-options.js';
import { FleetDirectory } from './fleet-directory.js';
import { GatewayClient } from './gateway-client.js';
import { UsageError } from './output.js';
import { readTradeHistory } from './replay/trade-history.js';

/** What a command is told to use, and is no use; each has to be called by its name. */
function directory(): string {
  return testRun.directory('wrong-use');
}

/** Nobody is asked. */
const nowhere = new GatewayClient('http://localhost', 'sk_live_x');

describe('a fleet.json', () => {
  it.each(['{nope', '', '[]', '{}', 'null', '{"url":"x","apiKey":"y"}'])(
    'of %j is named as the trouble',
    (text) => {
      const data = directory();
      writeFileSync(join(data, 'fleet.json'), text);

      for (const use of [gatewayOf, databaseUrlOf]) {
        expect(() => use({ data, json: false })).toThrow(UsageError);
        expect(() => use({ data, json: false })).toThrow(join(data, 'fleet.json'));
      }
    },
  );

  it('that is a directory is named, too', () => {
    const data = directory();
    mkdirSync(join(data, 'fleet.json'));

    expect(() => gatewayOf({ data, json: false })).toThrow(UsageError);
  });
});

describe('a directory for a fleet', () => {
  it.each(['/proc/x', '/proc/x/y', '/dev/null', '/dev/null/x'])('cannot be %s', (path) => {
    const make = () => new FleetDirectory(path).make();
    expect(make).toThrow(UsageError);
    expect(make).toThrow(path);
  });

  it('has a name', () => {
    expect(() => new FleetDirectory('')).toThrow(UsageError);
  });

  it('is made with all that lead to it', () => {
    const fleet = new FleetDirectory(join(directory(), 'a', 'b'));
    expect(fleet.make('logs')).toBe(join(fleet.path, 'logs'));
    expect(fleet.make('logs')).toBe(join(fleet.path, 'logs'));
  });
});

describe('a gateway', () => {
  it('that does not answer is named, with the reason', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const asked = new GatewayClient(url, 'sk_live_x').request('/api/orders');
    await expect(asked).rejects.toThrow(`${url} does not answer: ECONNREFUSED`);
  });

  it.each(['nonsense', 'ftp://localhost', ''])('is not at %j', (url) => {
    process.env.FLOTILLA_API_KEY = 'sk_live_x';
    expect(() => gatewayOf({ data: '.', json: false, url })).toThrow(UsageError);
    delete process.env.FLOTILLA_API_KEY;
  });
});

describe('a file', () => {
  it('to import is one: no directory, and not missing', async () => {
    const data = join(directory(), 'products.csv');
    await expect(importFile(nowhere, data)).rejects.toThrow(`${data}: there is no such file`);
    mkdirSync(data);
    await expect(importFile(nowhere, data)).rejects.toThrow(`${data}: this is not a file`);
    await expect(importFile(nowhere, data)).rejects.toThrow(UsageError);
  });

  it('of a trade history, too', () => {
    const data = directory();
    mkdirSync(join(data, 'products.csv'));
    expect(() => readTradeHistory(data)).toThrow(UsageError);
  });
});
