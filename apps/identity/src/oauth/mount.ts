import type { IncomingMessage, ServerResponse } from 'node:http';
import { runInContext } from '@flotilla/runtime/request-context';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IDENTITY_CONFIG, type IdentityConfig } from '../config.js';
import { contextOf } from './arrival.js';
import { AuthorizationServer } from './authorization-server.js';

/** Letter by letter: the library takes any case and a slash at the end, which whoever counts by path would not know again. */
const PATHS =
  /^\/(oauth\/(authorize(\/[\w-]+)?|token|jwks|introspect|revoke|par|device(\/verify(\/[\w-]+)?)?|userinfo|logout(\/(confirm|success))?|register)|\.well-known\/(openid-configuration|oauth-authorization-server))(\?|$)/;

/**
 * Gives the authorization server its paths. What a request calls this host is overwritten first: addresses that are shown
 * or signed come from the configured issuer alone.
 */
export function mountAuthorizationServer(app: NestFastifyApplication): void {
  const server = app.get(AuthorizationServer);
  const { host, protocol } = new URL(app.get<IdentityConfig>(IDENTITY_CONFIG).issuer);
  app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    Object.assign(request.headers, {
      host,
      'x-forwarded-host': host,
      'x-forwarded-proto': protocol.slice(0, -1),
    });
    runInContext(contextOf(request), () => {
      if (PATHS.test(request.url ?? '')) void server.handle(request, response);
      else next();
    });
  });
}
