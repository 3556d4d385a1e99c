#!/usr/bin/env node
/**
 * `npm run images`: prepares a build context with the production tree under .flotilla/images and builds every image from it,
 * so that the builds themselves reach no registry and carry exactly what was tested here.
 * `--context-only` prepares the context and leaves the building to Compose (FLOTILLA_BUILD_CONTEXT).
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from './launch.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const context = join(root, '.flotilla/images');
const IMAGES = [
  'identity',
  'users',
  'orders',
  'inventory',
  'api-keys',
  'notifications',
  'gateway',
  'fleet',
];

/** What an image is made of, copied beside a fresh production install for Linux. */
function prepareContext() {
  rmSync(context, { recursive: true, force: true });
  mkdirSync(context, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
    cpSync(join(root, file), join(context, file));
  }
  cpSync(join(root, 'deploy'), join(context, 'deploy'), { recursive: true });
  for (const group of ['libs', 'apps']) {
    for (const name of readdirSync(join(root, group))) {
      for (const part of ['package.json', 'dist', 'bin']) {
        const from = join(root, group, name, part);
        if (existsSync(from)) cpSync(from, join(context, group, name, part), { recursive: true });
      }
    }
  }
  const cpu = process.env.IMAGE_CPU ?? process.arch;
  execFileSync(
    'npm',
    ['ci', '--omit=dev', '--ignore-scripts', '--os=linux', `--cpu=${cpu}`, '--libc=glibc'],
    { cwd: context, stdio: ['ignore', 'inherit', 'inherit'] },
  );
}

await prepare({ quiet: false });
prepareContext();
console.log('context: .flotilla/images');
if (!process.argv.includes('--context-only')) {
  for (const image of IMAGES) {
    const args = [
      'build',
      '-q',
      '-f',
      join(context, 'deploy/docker/Dockerfile'),
      '--target',
      image,
    ];
    execFileSync('docker', [...args, '-t', `flotilla/${image}:latest`, context], {
      stdio: 'inherit',
    });
    console.log(`image: flotilla/${image}:latest`);
  }
}
