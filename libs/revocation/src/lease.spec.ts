import { LEASE_MS } from '@flotilla/contracts/revocation';
import { describe, expect, it } from '@jest/globals';
import { Lease } from './lease.js';

const at = (ms: number, wallMs = ms) => ({ steadyMs: ms, wallMs });

describe('Lease', () => {
  it('is held for 300 ms from when it was asked for, however late the answer came', () => {
    const lease = new Lease();
    expect(lease.isHeld(at(0))).toBe(false);
    lease.extend(at(0));
    expect(lease.isHeld(at(LEASE_MS - 1))).toBe(true);
    expect(lease.isHeld(at(LEASE_MS))).toBe(false);
  });

  it('is not shortened by an older answer that comes late', () => {
    const lease = new Lease();
    lease.extend(at(200));
    lease.extend(at(100));
    expect(lease.isHeld(at(450))).toBe(true);
  });

  it('is over after a sleep that the steady clock did not notice', () => {
    const lease = new Lease();
    lease.extend(at(0));
    expect(lease.isHeld(at(1, 60_000))).toBe(false);
  });

  it('is over when it is ended', () => {
    const lease = new Lease();
    lease.extend(at(0));
    lease.end();
    expect(lease.isHeld(at(1))).toBe(false);
  });
});
