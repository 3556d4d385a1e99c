import {
  API_KEYS_EVENTS,
  type EventEnvelope,
  IDENTITY_EVENTS,
  INVENTORY_EVENTS,
  ORDERS_EVENTS,
  USERS_EVENTS,
} from '@flotilla/contracts/events';
import { type FeedPage, ReadFeed, ReadFeedRequest } from '@flotilla/contracts/notifications';
import { type EventDelivery, OnEvent } from '@flotilla/messaging/events';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { Feed } from '../feed.js';

/** What notifications answers over NATS, and what it hears: everything, one consumer per producer. */
@Controller()
export class NotificationsController {
  constructor(private readonly feed: Feed) {}

  @MessagePattern(ReadFeed.subject)
  read(@Payload() { after, limit }: ReadFeedRequest): Promise<FeedPage> {
    return this.feed.read(after, limit);
  }

  @OnEvent(ORDERS_EVENTS, '>', 'feed-of-orders')
  onOrders(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
    return this.feed.add(delivery.transaction!, event);
  }

  @OnEvent(INVENTORY_EVENTS, '>', 'feed-of-inventory')
  onInventory(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
    return this.feed.add(delivery.transaction!, event);
  }

  @OnEvent(IDENTITY_EVENTS, '>', 'feed-of-identity')
  onIdentity(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
    return this.feed.add(delivery.transaction!, event);
  }

  @OnEvent(USERS_EVENTS, '>', 'feed-of-users')
  onUsers(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
    return this.feed.add(delivery.transaction!, event);
  }

  @OnEvent(API_KEYS_EVENTS, '>', 'feed-of-api-keys')
  onApiKeys(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
    return this.feed.add(delivery.transaction!, event);
  }
}
