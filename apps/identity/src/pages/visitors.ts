import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { IDENTITY_CONFIG, type IdentityConfig } from '../config.js';
import type { Visitor } from '../sign-in/sign-in.js';
import { PageCookie } from './cookies.js';
import { addressOf } from './page-reply.js';

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** What a request tells of the browser that it comes from. */
@Injectable()
export class Visitors {
  private readonly device: PageCookie;

  constructor(@Inject(IDENTITY_CONFIG) config: IdentityConfig) {
    this.device = new PageCookie('device', config.issuer.startsWith('https:'), YEAR_SECONDS);
  }

  of(request: FastifyRequest, clientId?: string): Visitor {
    return {
      address: addressOf(request),
      deviceToken: this.device.read(request.raw),
      ...(clientId !== undefined && { clientId }),
    };
  }

  /** Lets a browser be known again that has signed in. */
  remember(reply: FastifyReply, deviceToken: string): void {
    this.device.write(reply.raw, deviceToken);
  }
}
