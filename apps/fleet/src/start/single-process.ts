import { bootstrap as apiKeys } from '@flotilla/api-keys/bootstrap';
import { bootstrap as gateway } from '@flotilla/gateway/bootstrap';
import { bootstrap as identity } from '@flotilla/identity/bootstrap';
import { bootstrap as inventory } from '@flotilla/inventory/bootstrap';
import { bootstrap as notifications } from '@flotilla/notifications/bootstrap';
import { bootstrap as orders } from '@flotilla/orders/bootstrap';
import { type RunningService, runMain } from '@flotilla/runtime/bootstrap';
import type { Environment } from '@flotilla/runtime/config';
import { bootstrap as users } from '@flotilla/users/bootstrap';
import type { Service } from '../services.js';
import type { ProcessMessage, ServicePorts } from './service-process.js';

/** The variables of each service, as JSON: what one process each would find in its environment. */
export const SERVICES_VARIABLE = 'FLOTILLA_SERVICES';

const BOOTSTRAPS: Record<Service, (env: Environment) => Promise<RunningService>> = {
  identity,
  users,
  orders,
  inventory,
  'api-keys': apiKeys,
  notifications,
  gateway,
};

/** All services in this process; the gateway starts last and stops first. */
async function bootstrapAll(env: Environment): Promise<RunningService> {
  const own = JSON.parse(env[SERVICES_VARIABLE] ?? '{}') as Record<Service, Environment>;
  const start = (service: Service) => BOOTSTRAPS[service]({ ...env, ...own[service] });
  const inner = (Object.keys(own) as Service[]).filter((service) => service !== 'gateway');
  const running = await Promise.all(inner.map(start));
  const entrance = await start('gateway');
  const ports: ServicePorts = Object.fromEntries(
    [...running, entrance].map(({ name, port }) => [name, port]),
  );
  process.send?.({ type: 'ports', ports } satisfies ProcessMessage);
  return {
    name: 'fleet',
    port: entrance.port,
    close: async () => {
      await entrance.close();
      await Promise.all(running.map((service) => service.close()));
    },
  };
}

await runMain(bootstrapAll);
