import type { Id } from '@flotilla/contracts/ids';
import { ChangeProfile, ListUsers } from '@flotilla/contracts/users';
import { Args, ArgsType, Context, Field, ID, Mutation, Parent, Query } from '@nestjs/graphql';
import { ResolveField, Resolver } from '@nestjs/graphql';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { admit, RequirePermission } from '../../auth/access.js';
import { FleetClient } from '../../clients/fleet-client.js';
import { userV2 } from '../../rest/users/user-v2.js';
import { GraphqlContext } from '../graphql-context.js';
import { type Connection, connection, ConnectionArgs } from '../types/connection.js';
import { type Order, OrderConnection } from '../types/order.js';
import { OrdersArgs } from '../types/order-inputs.js';
import { UpdateProfileInput, User, UserConnection } from '../types/user.js';

@ArgsType()
class UsersArgs extends ConnectionArgs {
  @Field(() => String, { nullable: true, description: 'Whoever has this address.' })
  @IsOptional()
  @IsString()
  @MaxLength(254)
  email?: string | null;
}

@Resolver(() => User)
export class UsersResolver {
  constructor(private readonly fleet: FleetClient) {}

  @Query(() => User, { nullable: true })
  @RequirePermission('users:read', 'users:admin')
  me(@Context() { loaders, actor }: GraphqlContext): Promise<User> {
    return loaders.user.load(actor.userId);
  }

  @Query(() => User, { nullable: true })
  @RequirePermission('users:read', 'users:admin')
  user(
    @Args('id', { type: () => ID }) id: Id<'usr'>,
    @Context() { loaders }: GraphqlContext,
  ): Promise<User> {
    return loaders.user.load(id);
  }

  @Query(() => UserConnection, { nullable: true })
  @RequirePermission('users:admin')
  users(@Args() args: UsersArgs): Promise<Connection<User>> {
    const email = args.email ?? undefined;
    return connection(args, async (page) => {
      const { data, ...rest } = await this.fleet.call(ListUsers, { ...page, email });
      return { data: data.map(userV2), ...rest };
    });
  }

  @Mutation(() => User, { nullable: true })
  @RequirePermission('users:write', 'users:admin')
  async updateProfile(
    @Args('input') changes: UpdateProfileInput,
    @Context() { actor }: GraphqlContext,
  ): Promise<User> {
    const { userId } = actor;
    return userV2(await this.fleet.call(ChangeProfile, { userId, changes }));
  }

  /** Of somebody else's orders one sees what one sees at `/orders`. */
  @ResolveField(() => OrderConnection, { nullable: true })
  @RequirePermission('orders:read', 'orders:admin')
  orders(
    @Parent() { id: userId }: User,
    @Args() args: OrdersArgs,
    @Context() { loaders, actor }: GraphqlContext,
  ): Promise<Connection<Order>> {
    if (userId !== actor.userId) admit(['orders:admin'], actor);
    const status = args.status ?? undefined;
    return connection(args, async (page) => {
      const { data, ...rest } = await loaders.ordersOf.load({ ...page, userId, status });
      return { data: data.map((order) => ({ ...order, userId })), ...rest };
    });
  }
}
