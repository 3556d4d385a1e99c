import { lookup } from 'node:dns/promises';
import { AppError } from '@flotilla/contracts/errors';
import { within } from '@flotilla/runtime/waiting';
import { Targets } from '../use-cases/ports.js';
import { addressOf, isInsideByName, isPublicAddress } from './public-addresses.js';

/** How long a name may take to resolve while its owner waits; the connection is what decides. */
const RESOLVE_MS = 1_000;

/** Looks at addresses when they are saved: as early as that, their owner learns what is wrong with them. */
export class CheckedTargets extends Targets {
  /** @param allowPrivate for development: unencrypted, and inside */
  constructor(private readonly allowPrivate: boolean) {
    super();
  }

  async check(text: string): Promise<string> {
    if (!URL.canParse(text)) throw refused('This is not a URL.');
    const url = new URL(text);
    const isHttp = url.protocol === 'http:';
    if (url.protocol !== 'https:' && !isHttp) throw refused('Messages are posted to https: only.');
    if (url.username !== '' || url.password !== '') {
      throw refused('A URL is no place for credentials: verify the signature.');
    }
    url.hash = '';
    if (this.allowPrivate) return url.href;
    if (isHttp) throw refused('Messages are posted to https: only.');
    if (isInsideByName(url) || !(await this.resolvesOutside(url))) {
      throw refused('The address has to be a public one.');
    }
    return url.href;
  }

  /** Whether a name has public addresses only, as far as it can be told: one that does not resolve yet may do so later. */
  private async resolvesOutside(url: URL): Promise<boolean> {
    if (addressOf(url) !== undefined) return true;
    const resolving = lookup(url.hostname, { all: true });
    if (!(await within(RESOLVE_MS, resolving))) return true;
    const addresses = await resolving.catch(() => []);
    return addresses.every(({ address }) => isPublicAddress(address));
  }
}

function refused(detail: string): AppError<'validation-failed'> {
  return new AppError('validation-failed', 'Nothing can be sent to this URL.', {
    details: { errors: [{ pointer: '/url', code: 'url', detail }] },
  });
}
