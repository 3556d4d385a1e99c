import { isAppError } from '@flotilla/contracts/errors';
import type { Answered } from '@flotilla/contracts/idempotency';
import type { Id } from '@flotilla/contracts/ids';
import {
  ChangeRole,
  DisableUser,
  EraseUser,
  RegisterUser,
  RegisterUserBody,
} from '@flotilla/contracts/identity';
import { mailLocaleOf } from '@flotilla/contracts/mail-locale';
import type { Page } from '@flotilla/contracts/pages';
import {
  ChangeProfile,
  ChangeProfileBody,
  GetUser,
  ListUsers,
  ListUsersRequest,
} from '@flotilla/contracts/users';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import { Public, RequirePermission } from '../../auth/access.js';
import { FleetClient } from '../../clients/fleet-client.js';
import { OptionalIdempotencyKey } from '../../http/idempotency-key.js';
import { Answers } from '../../http/answers.js';
import { IfMatch, Precondition } from '../../http/precondition.js';
import { Versioned } from '../../http/versioned.js';
import { NoFields } from '../bodies.js';
import { CallerId } from '../caller-id.js';
import { ChangeUserBody } from './user-bodies.js';
import { type User, USER_CHANGES } from './user-changes.js';
import { userV2 } from './user-v2.js';

/** Users: the one resource that differs between versions. */
@Controller('users')
@Versioned(USER_CHANGES)
export class UsersController {
  constructor(private readonly fleet: FleetClient) {}

  @Post()
  @Public()
  @Answers({ location: '/users/:id', represents: '/users/:id' })
  async register(
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() registration: RegisterUserBody,
    @Headers('accept-language') languages: string | undefined,
  ): Promise<Answered<User>> {
    const request = { idempotencyKey, registration, locale: mailLocaleOf(languages) };
    const { answer: user, replayed } = await this.fleet.call(RegisterUser, request);
    await this.heard(user.id);
    return { answer: userV2(user), replayed };
  }

  @Get()
  @RequirePermission('users:admin')
  async list(@Query() query: ListUsersRequest): Promise<Page<User>> {
    const { data, nextCursor } = await this.fleet.call(ListUsers, query);
    return { data: data.map(userV2), nextCursor };
  }

  @Get('me')
  @RequirePermission('users:read', 'users:admin')
  me(@CallerId() userId: Id<'usr'>): Promise<User> {
    return this.get(userId);
  }

  @Patch('me')
  @RequirePermission('users:write', 'users:admin')
  @Answers({ represents: '/users/:id' })
  async changeMe(
    @CallerId() userId: Id<'usr'>,
    @IfMatch() precondition: Precondition,
    @Body() changes: ChangeProfileBody,
  ): Promise<User> {
    const at = await this.matched(userId, precondition);
    const user = await this.fleet.call(ChangeProfile, { userId, version: at, changes });
    return userV2(user);
  }

  @Get(':id')
  @RequirePermission('users:read', 'users:admin')
  async get(@Param('id') userId: Id<'usr'>): Promise<User> {
    return userV2(await this.fleet.call(GetUser, { userId }));
  }

  /** The role first, as it alone can be refused once both are known to be valid; the profile then at whatever version. */
  @Patch(':id')
  @RequirePermission('users:admin')
  @Answers({ represents: '/users/:id' })
  async change(
    @Param('id') userId: Id<'usr'>,
    @IfMatch() precondition: Precondition,
    @Body() { role, ...changes }: ChangeUserBody,
  ): Promise<User> {
    const at = await this.matched(userId, precondition);
    if (role === undefined) {
      const user = await this.fleet.call(ChangeProfile, { userId, version: at, changes });
      return userV2(user);
    }
    await this.fleet.call(ChangeRole, { userId, role });
    return userV2(await this.fleet.call(ChangeProfile, { userId, changes }));
  }

  @Post(':id/disable')
  @HttpCode(200)
  @RequirePermission('users:admin')
  @Answers({ represents: '/users/:id' })
  async disable(@Param('id') userId: Id<'usr'>, @Body(NoFields) _body: unknown): Promise<User> {
    await this.fleet.call(DisableUser, { userId });
    return userV2(await this.fleet.call(GetUser, { userId }));
  }

  /** Begun when it is answered: from then on nothing speaks for the user, and what is kept elsewhere goes as it is heard. */
  @Delete('me')
  @HttpCode(202)
  @RequirePermission('users:write', 'users:admin')
  eraseMe(@CallerId() userId: Id<'usr'>, @IfMatch() precondition: Precondition): Promise<void> {
    return this.erase(userId, precondition);
  }

  @Delete(':id')
  @HttpCode(202)
  @RequirePermission('users:admin')
  async erase(
    @Param('id') userId: Id<'usr'>,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    await this.matched(userId, precondition);
    await this.fleet.call(EraseUser, { userId });
  }

  /** The version that a user must still be at. */
  private matched(userId: Id<'usr'>, precondition: Precondition): Promise<number | undefined> {
    return precondition.version(
      () => this.fleet.call(GetUser, { userId }, { fresh: true }),
      userV2,
    );
  }

  /**
   * Users makes the profile from an event: it is waited for, so that whatever is asked after the answer finds it. When
   * it cannot be waited for, it is made later all the same.
   */
  private async heard(userId: Id<'usr'>): Promise<void> {
    try {
      const actor = { userId, mode: 'live', permissions: ['users:read'] } as const;
      await this.fleet.call(GetUser, { userId }, { actor });
    } catch (error) {
      if (!isAppError(error)) throw error;
    }
  }
}
