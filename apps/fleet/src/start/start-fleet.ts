import { FleetDirectory, type FleetFile } from '../fleet-directory.js';
import { GatewayClient } from '../gateway-client.js';
import { migrate } from '../migrations.js';
import type { Output } from '../output.js';
import { readyLines } from './announcement.js';
import { fillCompileCache } from './compile-cache.js';
import { waitUntilReady } from './readiness.js';
import { type Infrastructure, startInfrastructure } from './infrastructure.js';
import { FleetLock } from './lock.js';
import { serviceSpecs, singleProcessSpec, type Surroundings, urlOf } from './process-specs.js';
import { choosePorts, type KnownPorts } from './ports.js';
import { provision, servicePasswords } from './provision.js';
import type { Replicas } from './replicas.js';
import { seedAdministrator, seedDemo } from './seed.js';
import type { ProcessSpec } from './service-process.js';
import { onStopSignal } from './stop-signal.js';
import { Supervisor } from './supervisor.js';

/** How often another program may be quicker to take a port that was free. */
const ATTEMPTS = 5;

/** How to start a fleet. */
export interface StartFleet {
  data: string;
  port: number;
  replicas: Replicas;
  demo: boolean;
  singleProcess: boolean;
}

/**
 * Runs a fleet until the process is told to stop, then drains it and stops what was started, in the opposite order.
 * @throws FleetRunning, Error when something cannot be started; nothing is left running then
 */
export async function startFleet(options: StartFleet, output: Output): Promise<void> {
  const directory = new FleetDirectory(options.data);
  directory.make();
  const lock = await FleetLock.take(directory.path, directory.file('lock.json'));
  const supervisor = new Supervisor({
    report: (line) => output.step(line),
    changed: () => recordProcesses(directory, lock, supervisor),
  });
  const stop = onStopSignal(() => supervisor.kill());
  stop.addEventListener('abort', () => lock.announceStop(), { once: true });
  let infrastructure: Infrastructure | undefined;
  try {
    directory.forgetFleet();
    infrastructure = await startInfrastructure(directory, process.env, output, stop);
    stop.throwIfAborted();
    const parts = { directory, infrastructure, lock, supervisor };
    const fleet = await unlessAborted(stop, bringUp(options, parts, output));
    output.result(fleet.file, readyLines(fleet.file, fleet.hasDemo));
    fillCompileCache(directory, stop);
    await aborted(stop);
    output.step('stopping: finishing what has begun');
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    await supervisor.stop();
    await infrastructure?.stop();
    directory.forgetFleet();
    lock.release();
  }
  output.step('stopped');
}

interface Parts {
  directory: FleetDirectory;
  infrastructure: Infrastructure;
  lock: FleetLock;
  supervisor: Supervisor;
}

async function bringUp(
  options: StartFleet,
  { directory, infrastructure, lock, supervisor }: Parts,
  output: Output,
): Promise<{ file: FleetFile; hasDemo: boolean }> {
  const { databaseUrl, natsUrl, redisUrl } = infrastructure;
  const secrets = directory.secrets();
  const passwords = servicePasswords(secrets, process.env.SERVICE_DATABASE_PASSWORD);
  const { SEALING_KEYS: sealingKeys = secrets.sealingKeys } = process.env;
  const { WEBHOOK_KEYS: webhookKeys = secrets.webhookKeys } = process.env;
  await provision(databaseUrl, passwords);
  await migrateAll(databaseUrl, output);

  const gateways = await startServices(
    options,
    { directory, infrastructure, passwords, sealingKeys, webhookKeys },
    supervisor,
    output,
  );
  lock.recordServices(supervisor.pids());
  await waitUntilReady(gateways);
  const { admin, apiKey } = await seedAdministrator(directory, natsUrl);
  if (options.demo) output.step(await seedDemo(new GatewayClient(gateways[0]!, apiKey)));

  const url = gateways[0]!;
  const processes = supervisor.processes();
  const file = { url, gateways, apiKey, admin, processes, databaseUrl, natsUrl, redisUrl };
  directory.saveFleet(file);
  return { file, hasDemo: options.demo };
}

async function migrateAll(databaseUrl: string, output: Output): Promise<void> {
  const outcomes = await migrate(databaseUrl);
  const failed = outcomes.find(({ error }) => error !== undefined);
  if (failed)
    throw new Error(`The database of ${failed.service} cannot be migrated: ${failed.error}`);
  const applied = outcomes.flatMap((outcome) => outcome.applied ?? []).length;
  output.step(applied === 0 ? 'databases are up to date' : `${applied} migrations applied`);
}

/** Starts all services; returns the URLs of the gateways. */
async function startServices(
  options: StartFleet,
  around: Omit<Surroundings, 'ports'>,
  supervisor: Supervisor,
  output: Output,
): Promise<string[]> {
  around.directory.make('logs');
  for (let attempt = 1; ; attempt += 1) {
    const ports = await choosePorts(options.port, options.replicas);
    const specs = specsOf(options, { ...around, ports });
    try {
      await supervisor.start(specs);
      report(options, ports, supervisor, output);
      return ports.gateway.map(urlOf);
    } catch (error) {
      // Processes are told each other's addresses, so that one port that was lost to another program is a new start for all.
      const isTaken = error instanceof Error && error.message.includes('EADDRINUSE');
      if (!isTaken || attempt === ATTEMPTS) throw error;
      await Promise.all(specs.map((spec) => supervisor.discard(spec)));
    }
  }
}

function specsOf({ singleProcess, replicas }: StartFleet, around: Surroundings): ProcessSpec[] {
  return singleProcess ? [singleProcessSpec(around)] : serviceSpecs(around, replicas);
}

function report(
  { port, singleProcess }: StartFleet,
  ports: KnownPorts,
  supervisor: Supervisor,
  output: Output,
): void {
  const [first] = ports.gateway;
  if (port !== 0 && first !== port) output.step(`port ${port} is taken, using ${first}`);
  const processes = `${supervisor.pids().length} processes are up`;
  output.step(singleProcess ? 'all services are up in one process' : processes);
}

/** Keeps the files that name processes true. */
function recordProcesses(directory: FleetDirectory, lock: FleetLock, supervisor: Supervisor): void {
  lock.recordServices(supervisor.pids());
  const fleet = directory.fleet();
  if (fleet) directory.saveFleet({ ...fleet, processes: supervisor.processes() });
}

/** What is half done at that moment is left alone: the processes that it needs are about to be stopped. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  const interrupted = aborted(signal).then(() => {
    throw new Error('interrupted');
  });
  return Promise.race([work, interrupted]);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
