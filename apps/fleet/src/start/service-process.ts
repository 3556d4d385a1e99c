import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Service } from '../services.js';
import { lastLines, openLog } from './log-file.js';

/** How to run one process; it may hold several services. */
export interface ProcessSpec {
  /** For people and log files: `orders`, `orders-2`. */
  name: string;
  /** The services inside. */
  services: readonly Service[];
  file: string;
  logFile: string;
  /** All of its environment: secrets travel in no other way. */
  env: NodeJS.ProcessEnv;
}

/** The port that each service of a process listens on. */
export type ServicePorts = Partial<Record<Service, number>>;

/** What a process says of itself; one that holds several services tells all their ports before it is ready. */
export type ProcessMessage =
  { type: 'ports'; ports: ServicePorts } | { type: 'ready'; port: number };

/** A small young generation: half the memory of a service at rest, and scavenges stay cheap as little survives a request. */
export const NODE_FLAGS = ['--max-semi-space-size=4'];
const READY_TIMEOUT_MS = 60_000;
const LOG_TAIL_LINES = 5;

/** A child process with services in it. It ends by itself when its IPC channel closes, so it never outlives us for long. */
export class ServiceProcess {
  /** Settles when the process has ended: how, in words. */
  readonly exited: Promise<string>;
  /** Settles when everything in it answers; rejects when it ended before, with the end of its log. */
  readonly ready: Promise<ServicePorts>;
  private readonly child: ChildProcess;

  constructor(private readonly spec: ProcessSpec) {
    const log = openLog(spec.logFile);
    this.child = spawn(process.execPath, [...NODE_FLAGS, spec.file], {
      stdio: ['ignore', log, log, 'ipc'],
      env: spec.env,
      // Its own process group: what a terminal or a supervisor sends to all of ours is for us, who stop gateways first.
      detached: true,
    });
    closeSync(log);
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
      this.child.once('error', (error) => resolve(error.message));
    });
    this.ready = this.becomeReady();
    // Whoever waits for it sees it; a process that is stopped while it starts is nobody's failure.
    this.ready.catch(() => undefined);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Asks it to finish what it has begun; by force after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.child.kill('SIGTERM');
    const force = setTimeout(() => this.child.kill('SIGKILL'), graceMs);
    await this.exited;
    clearTimeout(force);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private async becomeReady(): Promise<ServicePorts> {
    const late = Promise.withResolvers<string>();
    const timer = setTimeout(() => late.resolve('is not ready'), READY_TIMEOUT_MS);
    const ended = this.exited.then((how) => `ended with ${how}`);
    const outcome = await Promise.race([this.answer(), ended, late.promise]);
    clearTimeout(timer);
    if (typeof outcome === 'string') throw await this.failure(outcome);
    return outcome;
  }

  /** Settles when it says that it is ready. */
  private answer(): Promise<ServicePorts> {
    const { promise, resolve } = Promise.withResolvers<ServicePorts>();
    let ports: ServicePorts | undefined;
    this.child.on('message', (message: ProcessMessage) => {
      if (message.type === 'ports') ports = message.ports;
      else resolve(ports ?? this.onlyPort(message.port));
    });
    return promise;
  }

  private onlyPort(port: number): ServicePorts {
    return Object.fromEntries(this.spec.services.map((service) => [service, port]));
  }

  private async failure(what: string): Promise<Error> {
    const { name, logFile } = this.spec;
    const tail = await lastLines(logFile, LOG_TAIL_LINES);
    return new Error(`${name} ${what}; see ${logFile}:\n${tail}`);
  }
}
