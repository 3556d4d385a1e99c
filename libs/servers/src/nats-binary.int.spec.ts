import { afterEach, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer } from './nats-binary.js';

const PATH = process.env.PATH;

afterEach(() => {
  process.env.PATH = PATH;
});

it('takes the first server of the PATH that can be executed', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'path-'));
  const [broken, sound] = ['broken', 'sound'].map((name) => mkdtempSync(join(directory, name)));
  writeFileSync(join(broken!, 'nats-server'), '', { mode: 0o644 });
  writeFileSync(join(sound!, 'nats-server'), '', { mode: 0o755 });
  process.env.PATH = `${broken}:${sound}:${PATH}`;
  expect(await findNatsServer({ cacheDir: directory })).toBe(join(sound!, 'nats-server'));
  rmSync(directory, { recursive: true });
});
