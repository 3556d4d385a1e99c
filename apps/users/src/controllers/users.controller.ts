import type { Actor } from '@flotilla/contracts/actor';
import { type EventEnvelope, IDENTITY_EVENTS } from '@flotilla/contracts/events';
import { AccountIdRequest } from '@flotilla/contracts/identity';
import { GetProfile, type ProfileView } from '@flotilla/contracts/users';
import { Caller } from '@flotilla/messaging/caller';
import { type EventDelivery, OnEvent } from '@flotilla/messaging/events';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { Profiles, type UserRegistered } from '../profiles.js';

/** What users answers over NATS, and what it hears. */
@Controller()
export class UsersController {
  constructor(private readonly profiles: Profiles) {}

  @MessagePattern(GetProfile.subject)
  get(@Caller() actor: Actor, @Payload() { userId }: AccountIdRequest): Promise<ProfileView> {
    return this.profiles.get(actor, userId);
  }

  @OnEvent(IDENTITY_EVENTS, 'user.*', 'users-profiles')
  async onUser(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
    if (event.type !== 'user.registered') return;
    await this.profiles.open(delivery.transaction!, event as UserRegistered);
  }
}
