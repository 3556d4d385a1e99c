import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from '@jest/globals';
import { isInsideByName, isPublicAddress, publicLookup } from './public-addresses.js';

const INSIDE = [
  ['private', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  ['loopback', '127.0.0.1', '127.1.2.3', '::1'],
  ['link-local, where clouds keep their secrets', '169.254.169.254', 'fe80::1'],
  ['unspecified', '0.0.0.0', '0.1.2.3', '::'],
  ['carrier-grade', '100.64.0.1'],
  ['unique local', 'fc00::1', 'fd00:ec2::254'],
  ['multicast and broadcast', '224.0.0.1', '239.255.255.250', '255.255.255.255', 'ff02::1'],
  ['set aside', '192.0.0.1', '192.0.2.1', '198.18.0.1', '203.0.113.1', '240.0.0.1', '2001:db8::1'],
  ['mapped into IPv6', '::ffff:127.0.0.1', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe'],
  ['translated', '64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::', '2001::1'],
  ['old site-local and compatible', 'fec0::1', '::127.0.0.1'],
  ['no address', '', 'example.com', '127.1', '0x7f000001', '2130706433', '1.2.3.4.5'],
] as const;

describe.each(INSIDE)('an address that is %s', (_, ...addresses) => {
  it.each(addresses)('is not public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

it.each(['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
  'is public: %s',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

it.each([
  'https://127.1/',
  'https://0x7f.1/',
  'https://2130706433/',
  'https://0177.0.0.1/',
  'https://[::1]/',
  'https://[::ffff:169.254.169.254]/',
  'https://localhost/',
  'https://LOCALHOST./',
  'https://a.localhost/',
  'https://metadata.google.internal/',
  'https://printer.local/',
])('means somewhere inside: %s', (url) => {
  expect(isInsideByName(new URL(url))).toBe(true);
});

it.each(['https://example.com/', 'https://localhost.example.com/', 'https://8.8.8.8/'])(
  'means somewhere outside, by its name: %s',
  (url) => {
    expect(isInsideByName(new URL(url))).toBe(false);
  },
);

describe('the look-up of a name', () => {
  const ipv4 = (address: string): LookupAddress => ({ address, family: 4 });

  function look(addresses: LookupAddress[], all: boolean): Promise<unknown> {
    const lookup = publicLookup((_name, _options, done) => done(null, addresses));
    return new Promise((resolve) =>
      lookup('example.com', { all }, (error, found) => resolve(error ?? found)),
    );
  }

  it('finds public addresses, one or all', async () => {
    const both = [ipv4('8.8.8.8'), ipv4('1.1.1.1')];
    expect(await look(both, true)).toEqual(both);
    expect(await look(both, false)).toBe('8.8.8.8');
  });

  it.each([true, false])('finds nothing when one of them is inside (all: %s)', async (all) => {
    const mixed = [ipv4('8.8.8.8'), ipv4('10.0.0.1')];
    expect(await look(mixed, all)).toMatchObject({ code: 'ADDRESS_REFUSED' });
    expect(await look([], all)).toMatchObject({ code: 'ADDRESS_REFUSED' });
  });
});
