import { fileURLToPath } from 'node:url';

/** The services that own a database. */
export const STATEFUL_SERVICES = [
  'identity',
  'users',
  'orders',
  'inventory',
  'api-keys',
  'notifications',
] as const;
export type StatefulService = (typeof STATEFUL_SERVICES)[number];

/** Every service of the fleet. */
export const SERVICES = [...STATEFUL_SERVICES, 'gateway'] as const;
export type Service = (typeof SERVICES)[number];

export function isService(name: string): name is Service {
  return (SERVICES as readonly string[]).includes(name);
}

export function isStateful(name: string): name is StatefulService {
  return (STATEFUL_SERVICES as readonly string[]).includes(name);
}

/** The file that starts a service, or measures something of it. */
export function entryPoint(service: Service, file: 'main' | `measurements/${string}`): string {
  return fileURLToPath(import.meta.resolve(`@flotilla/${service}/${file}`));
}
