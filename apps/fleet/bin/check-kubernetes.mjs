import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './launch.mjs';

const OVERLAYS = ['base', 'overlays/local'];

/**
 * The manifests render, run the images that docker-compose.yml runs, no more and no fewer, and let metrics be collected
 * where they say they are. Not checked without kubectl.
 */
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
    assert.deepEqual(
      portsLetIn(manifests, 'kubernetes.io/metadata.name: monitoring'),
      portsAdvertised(manifests),
      `${overlay} shuts out whoever collects metrics`,
    );
  }
  console.log(`kubernetes: ${OVERLAYS.join(' and ')} render, with the images of Compose`);
}

function imagesIn(yaml) {
  return unique([...yaml.matchAll(/^[ -]+image: (\S+)$/gm)]);
}

function portsAdvertised(yaml) {
  return unique([...yaml.matchAll(/prometheus\.io\/port: "(\d+)"/g)]);
}

/** The ports of the network policy that names a peer. */
function portsLetIn(yaml, peer) {
  const policy = yaml.split('\n---\n').find((document) => document.includes(peer)) ?? '';
  return unique([...policy.matchAll(/port: (\d+)/g)]);
}

function unique(matches) {
  return [...new Set(matches.map(([, found]) => found))].sort();
}
