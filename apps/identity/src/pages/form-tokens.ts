import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { IDENTITY_CONFIG, type IdentityConfig } from '../config.js';
import { Sealing } from '../sealing.js';
import { PageCookie } from './cookies.js';
import { textOf } from './form-body.js';

/**
 * Tokens against forged forms: a form carries an HMAC of a random cookie, which another site can neither read nor set. The
 * cookie stays for all tabs of a browser, so that none makes another one's forms invalid.
 */
@Injectable()
export class FormTokens {
  private readonly cookie: PageCookie;
  /** The first one signs, all verify. */
  private readonly keys: Buffer[];

  constructor(@Inject(IDENTITY_CONFIG) config: IdentityConfig, sealing: Sealing) {
    this.cookie = new PageCookie('forms', config.issuer.startsWith('https:'));
    this.keys = sealing.derive('forms');
  }

  /** The token for the forms of a page. */
  issue(request: FastifyRequest, reply: FastifyReply): string {
    let secret = this.cookie.read(request.raw);
    if (secret === undefined) {
      secret = randomBytes(32).toString('base64url');
      this.cookie.write(reply.raw, secret);
    }
    return sign(this.keys[0]!, secret).toString('base64url');
  }

  /** Whether a form that was sent is one of ours, sent from this browser. */
  accepts(request: FastifyRequest): boolean {
    const secret = this.cookie.read(request.raw);
    if (secret === undefined) return false;
    const given = Buffer.from(textOf(request.body, 'csrf'), 'base64url');
    return this.keys.some((key) => {
      const token = sign(key, secret);
      return given.length === token.length && timingSafeEqual(given, token);
    });
  }
}

function sign(key: Buffer, secret: string): Buffer {
  return createHmac('sha256', key).update(secret).digest();
}
