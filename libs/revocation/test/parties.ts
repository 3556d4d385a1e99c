import type { RevocationEntry } from '@flotilla/contracts/revocation';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { CreateRevocationFeed1769300000000 } from '@flotilla/revocation/migrations/create-revocation-feed';
import { RevocationFeed } from '@flotilla/revocation/revocation-feed';
import { RevocationFeedModule } from '@flotilla/revocation/revocation-feed.module';
import { Revocations } from '@flotilla/revocation/revocations';
import { RevocationsModule } from '@flotilla/revocation/revocations.module';
import { startService } from '@flotilla/runtime/bootstrap';
import { processConfig, serviceConfig } from '@flotilla/runtime/config';
import { Database } from '@flotilla/runtime/database';
import { DatabaseModule } from '@flotilla/runtime/database.module';
import type { TestDatabase } from '@flotilla/testing/postgres';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

export const MIGRATIONS = [CreateRevocationFeed1769300000000];

const SERVICE = 'issuer';

/** A replica of a service that revokes. */
export interface Issuer {
  feed: RevocationFeed;
  database: Database;
  /** Revokes in a transaction of its own. */
  revoke(...entries: RevocationEntry[]): Promise<void>;
  close(): Promise<void>;
}

/** A gateway that follows the feed of the service. */
export interface Gateway {
  revocations: Revocations;
  isCurrent(): boolean;
  /** Whether it would let the holder of this token in now. */
  accepts(jti: string): boolean;
  close(): Promise<void>;
}

export async function startIssuer(database: TestDatabase, natsUrl: string): Promise<Issuer> {
  const config = serviceConfig({
    DATABASE_URL: database.url,
    NATS_URL: natsUrl,
    LOG_LEVEL: 'silent',
  });
  let app: NestFastifyApplication;
  class IssuerModule {}
  const service = await startService({
    name: SERVICE,
    config,
    module: {
      module: IssuerModule,
      imports: [
        DatabaseModule.forRoot({ config, migrations: MIGRATIONS }),
        MessagingModule.forRoot({ ...config, service: SERVICE }),
        RevocationFeedModule.forRoot({ service: SERVICE }),
      ],
    },
    strategy: (made) => (app = made).get(NatsStrategy),
  });
  const feed = app!.get(RevocationFeed);
  const db = app!.get(Database);
  return {
    feed,
    database: db,
    revoke: (...entries) => db.transaction((tx) => feed.append(tx, entries)),
    close: () => service.close(),
  };
}

export async function startGateway(natsUrl: string): Promise<Gateway> {
  let app: NestFastifyApplication;
  class GatewayModule {}
  const service = await startService({
    name: 'gateway',
    config: processConfig({ NATS_URL: natsUrl, LOG_LEVEL: 'silent' }),
    module: {
      module: GatewayModule,
      imports: [
        MessagingModule.forRoot({ service: 'gateway', natsUrl }),
        RevocationsModule.forRoot({ services: [SERVICE] }),
      ],
    },
    prepare: (made) => void (app = made),
  });
  const revocations = app!.get(Revocations);
  const isCurrent = (): boolean => revocations.areCurrent([SERVICE]);
  return {
    revocations,
    isCurrent,
    accepts: (jti) => isCurrent() && !revocations.memory.isRevoked('token', jti),
    close: () => service.close(),
  };
}
