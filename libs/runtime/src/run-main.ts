import type { RunningService } from './bootstrap.js';
import type { Environment } from './config.js';
import { createLogger } from './logger.js';

/**
 * The whole of a `main.ts`: starts a service and stops it in order.
 * SIGTERM, SIGINT and the death of a parent that keeps an IPC channel drain it and exit 0, or 1 when that takes too long;
 * a second signal, an error that nobody caught, and a start that fails exit 1.
 * A parent is told `{ type: 'ready', service, port }`; it gets the terminal's SIGINT too, so its children leave that to it.
 */
export async function runMain(
  bootstrap: (env: Environment) => Promise<RunningService>,
): Promise<void> {
  let service: RunningService | undefined;
  let stopping = false;

  const fail = (error: unknown, message: string): never => {
    createLogger(service?.name ?? 'main').fatal({ err: error }, message);
    process.exit(1);
  };
  const stop = (): void => {
    stopping = true;
    // Not yet started means that nothing was promised to anybody.
    if (!service) process.exit(0);
    service.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error, 'could not stop in order'),
    );
  };
  const onSignal = (): void => (stopping ? process.exit(1) : stop());

  process.on('uncaughtException', (error) => fail(error, 'uncaught exception'));
  process.on('unhandledRejection', (reason) => fail(reason, 'unhandled rejection'));
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', process.connected ? () => undefined : onSignal);
  process.on('disconnect', () => {
    if (!stopping) stop();
  });

  try {
    service = await bootstrap(process.env);
    process.send?.({ type: 'ready', service: service.name, port: service.port });
  } catch (error) {
    fail(error, 'could not start');
  }
}
