import { BlockList, isIPv6 } from 'node:net';
import { parseCidr } from '@flotilla/contracts/cidr';

/** The networks that a key works from, for many questions. */
export class AllowedNetworks {
  private readonly networks = new BlockList();

  constructor(cidrs: readonly string[]) {
    for (const cidr of cidrs) {
      const { address, prefix, family } = parseCidr(cidr)!;
      this.networks.addSubnet(address, prefix, family);
    }
  }

  /** Whether an address is in one of them; an IPv4 address that is written as an IPv6 one is still itself. */
  include(address: string): boolean {
    const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
    return this.networks.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  }
}
