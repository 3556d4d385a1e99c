import { type DynamicModule, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { DatabaseConfig } from './config.js';
import { openDataSource } from './data-source.js';
import { Database } from './database.js';
import { HealthRegistry } from './health-registry.js';
import { Logger } from './logger.js';
import { Metrics } from './metrics.js';
import { type MigrationClass, requireCurrentSchema } from './migrations.js';
import { SERVICE_NAME } from './runtime.module.js';
import { Statements } from './statements.js';

export interface DatabaseModuleOptions {
  config: DatabaseConfig;
  /** Every migration of the service: it does not start before all of them have run. */
  migrations: readonly MigrationClass[];
  entities?: DataSourceOptions['entities'];
  /** How long callers wait for an answer of the service, in milliseconds: statements and locks take less. Default 1500. */
  budgetMs?: number;
}

/** Closes the pool after everything that may still use it: Nest calls this hook when all handlers are done. */
@Injectable()
class PoolCloser implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
  }
}

/** Gives `Database`, and TypeORM's `DataSource` under it, to the whole service. */
@Module({})
export class DatabaseModule {
  static forRoot({ config, migrations, entities, budgetMs }: DatabaseModuleOptions): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        {
          provide: Statements,
          inject: [Logger, Metrics],
          useFactory: (logger: Logger, metrics: Metrics) =>
            new Statements(logger, metrics, config.slowStatementMs),
        },
        {
          provide: DataSource,
          inject: [SERVICE_NAME, Logger, Statements],
          useFactory: async (service: string, logger: Logger, statements: Statements) => {
            const parts = { service, config, migrations, entities, budgetMs };
            const dataSource = await openDataSource(parts, logger, statements);
            await requireCurrentSchema(dataSource).catch(async (error: unknown) => {
              await dataSource.destroy();
              throw error;
            });
            return dataSource;
          },
        },
        {
          provide: Database,
          inject: [DataSource, Statements, Metrics, HealthRegistry],
          useFactory: (
            dataSource: DataSource,
            statements: Statements,
            metrics: Metrics,
            health: HealthRegistry,
          ) => {
            const database = new Database(dataSource, statements);
            database.publishPool(metrics);
            health.register('postgres', () => database.ping());
            return database;
          },
        },
        PoolCloser,
      ],
      exports: [DataSource, Database],
    };
  }
}
