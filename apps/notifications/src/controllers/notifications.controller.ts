import type { Actor } from '@flotilla/contracts/actor';
import { type FeedEvent, ListEvents, ListEventsRequest } from '@flotilla/contracts/event-feed';
import {
  API_KEYS_EVENTS,
  type EventEnvelope,
  IDENTITY_EVENTS,
  INVENTORY_EVENTS,
  ORDERS_EVENTS,
  USERS_EVENTS,
} from '@flotilla/contracts/events';
import { type FeedPage, ReadFeed, ReadFeedRequest } from '@flotilla/contracts/notifications';
import type { Page } from '@flotilla/contracts/pages';
import { Caller } from '@flotilla/messaging/caller';
import { type EventDelivery, OnEvent } from '@flotilla/messaging/events';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { Feed } from '../feed.js';
import { FeedQueries } from '../feed.queries.js';

/** The feed is written by one transaction at a time, so the more it has in it the better. */
const TOGETHER = { together: () => true };

/** What notifications answers over NATS, and what it hears: everything, one consumer per producer. */
@Controller()
export class NotificationsController {
  constructor(
    private readonly feed: Feed,
    private readonly queries: FeedQueries,
  ) {}

  @MessagePattern(ReadFeed.subject)
  read(@Payload() { after, limit }: ReadFeedRequest): Promise<FeedPage> {
    return this.feed.read(after, limit);
  }

  @MessagePattern(ListEvents.subject)
  list(@Caller() { mode }: Actor, @Payload() request: ListEventsRequest): Promise<Page<FeedEvent>> {
    return this.queries.list(mode, request);
  }

  @OnEvent(ORDERS_EVENTS, '>', 'feed-of-orders', TOGETHER)
  onOrders(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): void {
    this.feed.add(delivery.transaction!, event);
  }

  @OnEvent(INVENTORY_EVENTS, '>', 'feed-of-inventory', TOGETHER)
  onInventory(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): void {
    this.feed.add(delivery.transaction!, event);
  }

  @OnEvent(IDENTITY_EVENTS, '>', 'feed-of-identity', TOGETHER)
  onIdentity(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): void {
    this.feed.add(delivery.transaction!, event);
  }

  @OnEvent(USERS_EVENTS, '>', 'feed-of-users', TOGETHER)
  onUsers(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): void {
    this.feed.add(delivery.transaction!, event);
  }

  @OnEvent(API_KEYS_EVENTS, '>', 'feed-of-api-keys', TOGETHER)
  onApiKeys(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): void {
    this.feed.add(delivery.transaction!, event);
  }
}
