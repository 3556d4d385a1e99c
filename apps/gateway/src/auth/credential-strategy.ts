import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import type { Caller } from './caller.js';

/** A strategy of passport for one kind of credential. */
export abstract class CredentialStrategy extends passport.Strategy {
  /** Who asks; undefined when the request carries no credential of this kind. @throws AppError when it is no good */
  protected abstract identify(request: FastifyRequest): Promise<Caller | undefined>;

  override authenticate(request: unknown): void {
    this.identify(request as FastifyRequest).then(
      (caller) => (caller ? this.success(caller) : this.fail()),
      (error: unknown) => this.error(error),
    );
  }
}
