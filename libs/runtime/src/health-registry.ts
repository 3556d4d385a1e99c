import { Injectable } from '@nestjs/common';

/** Resolves when what it looks at works; rejects when not. */
export type HealthCheck = () => Promise<void>;

/** What a process needs in order to serve, by name; libraries and modules add what they depend on. */
@Injectable()
export class HealthRegistry {
  /** Set at the start of a shutdown: not ready any more, though still finishing what has begun. */
  draining = false;
  private readonly checks = new Map<string, HealthCheck>();

  /** A check that takes longer than a second counts as failed. */
  register(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  entries(): Iterable<[string, HealthCheck]> {
    return this.checks.entries();
  }
}
