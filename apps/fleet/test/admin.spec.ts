import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PERMISSIONS } from '@flotilla/contracts/actor';
import type { RotatedSigningKey } from '@flotilla/contracts/signing-keys';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@flotilla/testing/eventually';
import { type RunningFleet, sharedFleet } from '@flotilla/testing/fleet';
import { HttpClient } from '@flotilla/testing/http-client';
import { command } from './actions.js';

const PROGRAM = fileURLToPath(new URL('../bin/fleet.mjs', import.meta.url));

interface Created {
  email: string;
  password: string | null;
  apiKey: string;
}

interface Jwks {
  keys: { kid: string }[];
}

let fleet: RunningFleet;

beforeAll(async () => {
  fleet = await sharedFleet();
}, 150_000);

function create(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const command = [PROGRAM, 'admin', 'create', '--data', fleet.directory, ...args];
  return spawnSync(process.execPath, command, { encoding: 'utf8' });
}

const created = (...args: string[]) => JSON.parse(create('--json', ...args).stdout) as Created;

async function permissionsOf({ apiKey }: Created): Promise<unknown> {
  const client = new HttpClient(fleet.file().url, { 'x-api-key': apiKey });
  const body = { name: 'all', mode: 'live', permissions: PERMISSIONS };
  const answer = await client.post<{ permissions: string[] }>('/api/api-keys', body);
  expect(answer.status).toBe(201);
  return answer.body.permissions;
}

describe('admin create', () => {
  it('makes another administrator each time, whose key carries every permission', async () => {
    const [one, other] = [created(), created()];
    expect(other.email).not.toBe(one.email);
    expect(one.password).toHaveLength(32);
    expect(await permissionsOf(one)).toEqual(PERMISSIONS);
  });

  it('keeps an account that is there already, and makes another key for it', async () => {
    const first = created('--email', 'ops@example.com');
    const second = created('--email', ' Ops@Example.com ');
    expect(second).toEqual({
      email: first.email,
      password: null,
      apiKey: expect.not.stringMatching(first.apiKey),
    });
    expect(await permissionsOf(second)).toEqual(PERMISSIONS);
    expect(create('--email', 'ops@example.com').stdout).toMatch(/has an account already/);
  });

  it('refuses what is no address as wrong use', () => {
    const { status, stderr } = create('--email', 'nobody');
    expect(status).toBe(2);
    expect(stderr).toBe('fleet: --email: nobody is not an e-mail address\n');
  });
});

describe('keys rotate', () => {
  it('publishes another key beside those that there are, which signs later', async () => {
    const published = async () => {
      const jwks = await new HttpClient(fleet.file().url).get<Jwks>('/oauth/jwks');
      return jwks.body.keys.map(({ kid }) => kid);
    };
    const before = await published();
    const { code, document } = await command<RotatedSigningKey>(
      ...['keys', 'rotate', '--data', fleet.directory],
    );
    expect(code).toBe(0);
    expect(Date.parse(document.signsFrom)).toBeGreaterThan(Date.now());
    await eventually(async () => {
      expect(await published()).toEqual(expect.arrayContaining([...before, document.kid]));
    });
  });
});
