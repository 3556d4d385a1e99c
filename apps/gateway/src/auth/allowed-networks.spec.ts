import { describe, expect, it } from '@jest/globals';
import { AllowedNetworks } from './allowed-networks.js';

describe('AllowedNetworks', () => {
  const networks = new AllowedNetworks(['203.0.113.0/24', '198.51.100.7/32', '2001:db8::/32']);

  it.each(['203.0.113.0', '203.0.113.255', '198.51.100.7', '2001:db8:1::1', '::ffff:203.0.113.9'])(
    'include %s',
    (address) => expect(networks.include(address)).toBe(true),
  );

  it.each([
    '203.0.114.1',
    '198.51.100.8',
    '2001:db9::1',
    '::1',
    '127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:999.0.113.9',
    'fe80::1%eth0',
    '203.0.113.9:4711',
    'unknown',
    '',
  ])('do not include %s', (address) => expect(networks.include(address)).toBe(false));
});
