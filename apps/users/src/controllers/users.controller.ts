import type { Actor } from '@flotilla/contracts/actor';
import { type EventEnvelope, IDENTITY_EVENTS } from '@flotilla/contracts/events';
import type { Listing } from '@flotilla/contracts/pages';
import {
  ChangePreferences,
  ChangePreferencesRequest,
  ChangeProfile,
  ChangeProfileRequest,
  FindUsers,
  FindUsersRequest,
  GetUser,
  ListUsers,
  ListUsersRequest,
  UserIdRequest,
  type UserView,
} from '@flotilla/contracts/users';
import { Caller } from '@flotilla/messaging/caller';
import { type EventDelivery, OnEvent } from '@flotilla/messaging/events';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { PROFILES_CONSUMER } from '../clients/identity-accounts.js';
import { toView } from '../domain/user.js';
import { UserQueries } from '../repositories/user.queries.js';
import { ChangePreferences as PreferencesChange } from '../use-cases/change-preferences.js';
import { ChangeProfile as ProfileChange } from '../use-cases/change-profile.js';
import { GetUser as UserLookup } from '../use-cases/get-user.js';
import { HearAccount } from '../use-cases/hear-account.js';
import type { AccountEvent } from '../use-cases/ports.js';

/** What users answers over NATS of users, and what it hears of them. */
@Controller()
export class UsersController {
  constructor(
    private readonly lookup: UserLookup,
    private readonly profileChange: ProfileChange,
    private readonly preferencesChange: PreferencesChange,
    private readonly hear: HearAccount,
    private readonly queries: UserQueries,
  ) {}

  @MessagePattern(GetUser.subject)
  async get(@Caller() actor: Actor, @Payload() { userId }: UserIdRequest): Promise<UserView> {
    return toView(await this.lookup.execute(actor, userId));
  }

  @MessagePattern(FindUsers.subject)
  async findMany(
    @Caller() actor: Actor,
    @Payload() { userIds }: FindUsersRequest,
  ): Promise<{ data: UserView[] }> {
    return { data: await this.queries.findMany(actor, userIds) };
  }

  @MessagePattern(ListUsers.subject)
  list(@Caller() actor: Actor, @Payload() request: ListUsersRequest): Promise<Listing<UserView>> {
    return this.queries.list(actor, request);
  }

  @MessagePattern(ChangeProfile.subject)
  changeProfile(
    @Caller() actor: Actor,
    @Payload() request: ChangeProfileRequest,
  ): Promise<UserView> {
    return this.profileChange.execute(actor, request);
  }

  @MessagePattern(ChangePreferences.subject)
  changePreferences(
    @Caller() actor: Actor,
    @Payload() request: ChangePreferencesRequest,
  ): Promise<UserView> {
    return this.preferencesChange.execute(actor, request);
  }

  @OnEvent(IDENTITY_EVENTS, 'user.*', PROFILES_CONSUMER)
  onAccount(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
    return this.hear.execute(delivery.transaction!, event as AccountEvent);
  }
}
