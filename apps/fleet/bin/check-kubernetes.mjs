import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './launch.mjs';

const OVERLAYS = ['base', 'overlays/local'];

/** The manifests render, and run the images that docker-compose.yml runs, no more and no fewer. Not checked without kubectl. */
export function checkKubernetes() {
  if (spawnSync('kubectl', ['version', '--client']).status !== 0) {
    console.log('kubernetes: not checked, there is no kubectl');
    return;
  }
  const wanted = imagesIn(readFileSync(join(root, 'docker-compose.yml'), 'utf8'));
  for (const overlay of OVERLAYS) {
    const manifests = execFileSync(
      'kubectl',
      ['kustomize', join(root, 'deploy/kubernetes', overlay)],
      { encoding: 'utf8' },
    );
    assert.deepEqual(imagesIn(manifests), wanted, `${overlay} is not the fleet of Compose`);
  }
  console.log(`kubernetes: ${OVERLAYS.join(' and ')} render, with the images of Compose`);
}

function imagesIn(yaml) {
  return [...new Set([...yaml.matchAll(/^[ -]+image: (\S+)$/gm)].map(([, image]) => image))].sort();
}
