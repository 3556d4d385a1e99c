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
import type { Replicas } from './replicas.js';
import type { ProcessSpec } from './service-process.js';

/** What every process is told of the world. */
export interface Surroundings {
  directory: FleetDirectory;
  infrastructure: Infrastructure;
  passwords: Record<StatefulService, string>;
}

/** One process for each replica of each service but the gateway. */
export function serviceSpecs(around: Surroundings, replicas: Replicas): ProcessSpec[] {
  return SERVICES.filter((service) => service !== 'gateway').flatMap((service) =>
    Array.from({ length: replicas[service] }, (_, index) =>
      processSpec(around, service, index, { PORT: '0' }),
    ),
  );
}

/** A gateway on a port of its own. */
export function gatewaySpec(around: Surroundings, index: number, port: number): ProcessSpec {
  return processSpec(around, 'gateway', index, gatewayVariables(port));
}

/** All services in one process. */
export function singleProcessSpec(around: Surroundings, port: number): ProcessSpec {
  const environments = Object.fromEntries(
    SERVICES.map((service) => [
      service,
      {
        ...serviceVariables(around, service),
        ...(service === 'gateway' ? gatewayVariables(port) : { PORT: '0' }),
      },
    ]),
  );
  return {
    name: 'fleet',
    services: SERVICES,
    file: fileURLToPath(new URL('./single-process.js', import.meta.url)),
    logFile: around.directory.file('logs', 'fleet.log'),
    env: { ...inherited(around), FLOTILLA_SERVICES: JSON.stringify(environments) },
  };
}

function processSpec(
  around: Surroundings,
  service: Service,
  index: number,
  variables: NodeJS.ProcessEnv,
): ProcessSpec {
  const name = index === 0 ? service : `${service}-${index + 1}`;
  return {
    name,
    services: [service],
    file: entryPoint(service, 'main'),
    logFile: around.directory.file('logs', `${name}.log`),
    env: { ...inherited(around), ...serviceVariables(around, service), ...variables },
  };
}

function serviceVariables(
  { infrastructure, passwords }: Surroundings,
  service: Service,
): NodeJS.ProcessEnv {
  const { databaseUrl, natsUrl, redisUrl } = infrastructure;
  return {
    NATS_URL: natsUrl,
    ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }),
    ...(isStateful(service)
      ? { DATABASE_URL: serviceDatabaseUrl(databaseUrl, service, passwords[service]) }
      : {}),
  };
}

function gatewayVariables(port: number): NodeJS.ProcessEnv {
  const { PUBLIC_URL = `http://localhost:${port}` } = process.env;
  return { PORT: String(port), METRICS_PORT: '0', PUBLIC_URL };
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
