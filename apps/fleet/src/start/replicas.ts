import { isService, SERVICES, type Service } from '../services.js';
import { UsageError } from '../output.js';

export type Replicas = Record<Service, number>;

const MOST = 32;

/** Reads `orders=3,gateway=2`; services that are not named run once. @throws UsageError */
export function parseReplicas(text: string): Replicas {
  const replicas = Object.fromEntries(SERVICES.map((service) => [service, 1])) as Replicas;
  for (const part of text.split(',').filter(Boolean)) {
    const [name = '', count = ''] = part.trim().split('=');
    if (!isService(name)) {
      throw new UsageError(`--replicas: there is no service "${name}" (${SERVICES.join(', ')})`);
    }
    if (!/^[1-9]\d?$/.test(count) || Number(count) > MOST) {
      throw new UsageError(`--replicas: ${name} takes a number from 1 to ${MOST}`);
    }
    replicas[name] = Number(count);
  }
  return replicas;
}
