import { fileURLToPath } from 'node:url';
import { serviceDatabaseUrl } from '../database-names.js';
import type { FleetDirectory } from '../fleet-directory.js';
import {
  entryPoint,
  isStateful,
  SERVICES,
  type Service,
  type StatefulService,
} from '../services.js';
import { compileCache } from './compile-cache.js';
import type { Infrastructure } from './infrastructure.js';
import type { KnownPorts } from './ports.js';
import type { Replicas } from './replicas.js';
import type { ProcessSpec } from './service-process.js';

/** What every process is told of the world. */
export interface Surroundings {
  directory: FleetDirectory;
  infrastructure: Infrastructure;
  passwords: Record<StatefulService, string>;
  sealingKeys: string;
  webhookKeys: string;
  ports: KnownPorts;
}

/** One process for each replica of each service. */
export function serviceSpecs(around: Surroundings, replicas: Replicas): ProcessSpec[] {
  return SERVICES.flatMap((service) =>
    Array.from({ length: replicas[service] }, (_, index) => processSpec(around, service, index)),
  );
}

/** All services in one process. */
export function singleProcessSpec(around: Surroundings): ProcessSpec {
  const environments = Object.fromEntries(
    SERVICES.map((service) => [service, serviceVariables(around, service, 0)]),
  );
  return {
    name: 'fleet',
    services: SERVICES,
    file: fileURLToPath(new URL('./single-process.js', import.meta.url)),
    logFile: around.directory.file('logs', 'fleet.log'),
    env: { ...inherited(around), FLOTILLA_SERVICES: JSON.stringify(environments) },
  };
}

function processSpec(around: Surroundings, service: Service, index: number): ProcessSpec {
  const name = index === 0 ? service : `${service}-${index + 1}`;
  return {
    name,
    services: [service],
    file: entryPoint(service, 'main'),
    logFile: around.directory.file('logs', `${name}.log`),
    env: { ...inherited(around), ...serviceVariables(around, service, index) },
  };
}

function serviceVariables(
  around: Surroundings,
  service: Service,
  index: number,
): NodeJS.ProcessEnv {
  const { infrastructure, passwords, ports } = around;
  const { databaseUrl, natsUrl, redisUrl } = infrastructure;
  return {
    PORT: String(portsOf(service, ports)[index] ?? 0),
    ...ownVariables(around, service),
    NATS_URL: natsUrl,
    ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }),
    ...(isStateful(service)
      ? { DATABASE_URL: serviceDatabaseUrl(databaseUrl, service, passwords[service]) }
      : {}),
  };
}

/** What only one service is told. */
function ownVariables(
  { directory, ports, sealingKeys, webhookKeys }: Surroundings,
  service: Service,
): NodeJS.ProcessEnv {
  const { PUBLIC_URL = urlOf(ports.gateway[0]!), MAIL_DIR = directory.file('mail') } = process.env;
  if (service === 'gateway') {
    const identity = ports.identity.map((port) => `http://127.0.0.1:${port}`);
    return {
      METRICS_PORT: '0',
      PUBLIC_URL,
      IDENTITY_URL: identity.join(),
      // Each has to know for the limits.
      GATEWAY_REPLICAS: String(ports.gateway.length),
    };
  }
  if (service === 'notifications') {
    return { MAIL_DIR, WEBHOOK_KEYS: webhookKeys, WEBHOOKS_ALLOW_PRIVATE_TARGETS: 'true' };
  }
  if (service !== 'identity') return {};
  return { PUBLIC_URL, SEALING_KEYS: sealingKeys, OAUTH_ALLOW_PRIVATE_TARGETS: 'true' };
}

function portsOf(service: Service, ports: KnownPorts): number[] {
  return service === 'gateway' || service === 'identity' ? ports[service] : [];
}

/** How clients on this machine reach a gateway. */
export function urlOf(port: number): string {
  return `http://localhost:${port}`;
}

/** Our own environment without what is the administrator's. */
function inherited({ directory }: Surroundings): NodeJS.ProcessEnv {
  return {
    ...compileCache(directory),
    ...process.env,
    DATABASE_URL: undefined,
    DATABASE_URL_FILE: undefined,
    SERVICE_DATABASE_PASSWORD: undefined,
  };
}
