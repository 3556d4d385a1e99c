import type { GatewayConfig } from '../config.js';
import type { Version } from './version.js';

/** What every answer below `/api` says of its version. Those of v1 announce its end (RFC 9745, RFC 8594). */
export function versionHeaders(config: GatewayConfig): Record<Version, Record<string, string>> {
  const { publicUrl, v1DeprecatedAt, v1SunsetAt } = config;
  return {
    v1: {
      'api-version': 'v1',
      vary: 'API-Version',
      deprecation: `@${Math.floor(v1DeprecatedAt.getTime() / 1000)}`,
      sunset: v1SunsetAt.toUTCString(),
      link: `<${publicUrl}/api/v2>; rel="successor-version", <${publicUrl}/docs/versions>; rel="deprecation"`,
    },
    v2: { 'api-version': 'v2', vary: 'API-Version' },
  };
}
