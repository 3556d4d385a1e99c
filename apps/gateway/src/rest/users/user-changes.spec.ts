import { readFileSync } from 'node:fs';
import { newUser } from '@flotilla/contracts/users';
import { expect, test } from '@jest/globals';
import { downTo } from '../../http/version-change.js';
import { VERSIONS } from '../../http/version.js';
import { USER_CHANGES } from './user-changes.js';
import { userV2 } from './user-v2.js';

const ADA = newUser({
  id: 'usr_01h455vb4pex5vsknk084sn02q',
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  createdAt: '2026-01-02T03:04:05.678Z',
});

const golden = (name: string): string =>
  readFileSync(new URL(`../../../test/golden/${name}.json`, import.meta.url), 'utf8');
const written = (body: object): string => `${JSON.stringify(body, null, 2)}\n`;

test.each(VERSIONS)('clients of %s get a user to the byte as they always have', (version) => {
  expect(written(downTo(version, USER_CHANGES, userV2(ADA)))).toBe(golden(`user/${version}`));
});

test.each(USER_CHANGES)('$name is taken back to the byte', ({ name, down }) => {
  const newer = JSON.parse(golden(`${name}/newer`)) as object;
  expect(written(down(newer))).toBe(golden(`${name}/older`));
});
