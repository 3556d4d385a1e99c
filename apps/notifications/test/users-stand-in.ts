import { type AppError, notFound } from '@flotilla/contracts/errors';
import { type Id, newUuid, toId } from '@flotilla/contracts/ids';
import {
  GetUser,
  newUser,
  type Preferences,
  UserIdRequest,
  type UserView,
} from '@flotilla/contracts/users';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { NatsStrategy } from '@flotilla/messaging/nats-strategy';
import { startService } from '@flotilla/runtime/bootstrap';
import { processConfig } from '@flotilla/runtime/config';
import { Controller, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';

/** A service in the place of users. */
export interface UsersStandIn {
  /** What it answers instead, while it is set. */
  failWith: AppError | null;
  /** Somebody new, called Ada. */
  add(preferences?: Partial<Preferences>): UserView;
  remove(userId: Id<'usr'>): void;
  close(): Promise<void>;
}

export async function startUsersStandIn(natsUrl: string): Promise<UsersStandIn> {
  const known = new Map<string, UserView>();
  const state = { failWith: null as AppError | null };

  @Controller()
  class Users {
    @MessagePattern(GetUser.subject)
    get(@Payload() { userId }: UserIdRequest): UserView {
      if (state.failWith) throw state.failWith;
      const user = known.get(userId);
      if (!user) throw notFound('user');
      return user;
    }
  }

  @Module({
    imports: [MessagingModule.forRoot({ service: 'users', natsUrl })],
    controllers: [Users],
  })
  class UsersModule {}

  const service = await startService({
    name: 'users',
    module: UsersModule,
    config: processConfig({ NATS_URL: natsUrl, LOG_LEVEL: 'silent' }),
    strategy: (app) => app.get(NatsStrategy),
  });
  return Object.assign(state, {
    add: (preferences: Partial<Preferences> = {}) => {
      const id = toId('usr', newUuid());
      const user = newUser({
        id,
        email: `${id}@flotilla.example`,
        firstName: 'Ada',
        lastName: 'Lovelace',
        createdAt: new Date().toISOString(),
      });
      Object.assign(user.preferences, preferences);
      known.set(id, user);
      return user;
    },
    remove: (userId: Id<'usr'>) => void known.delete(userId),
    close: () => service.close(),
  });
}
