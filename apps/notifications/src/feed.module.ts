import { Global, Module } from '@nestjs/common';
import { NotificationsController } from './controllers/notifications.controller.js';
import { Feed } from './feed.js';
import { FeedFollower } from './feed-follower.js';
import { FeedQueries } from './feed.queries.js';

/** The feed of all events, and a way for the rest of the service to follow it. */
@Global()
@Module({
  controllers: [NotificationsController],
  providers: [Feed, FeedQueries, FeedFollower],
  exports: [FeedFollower],
})
export class FeedModule {}
