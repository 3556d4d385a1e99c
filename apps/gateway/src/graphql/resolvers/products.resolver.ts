import { ListProducts } from '@flotilla/contracts/products';
import { Args, ArgsType, Context, Field, Parent, Query } from '@nestjs/graphql';
import { ResolveField, Resolver } from '@nestjs/graphql';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Public } from '../../auth/access.js';
import { FleetClient } from '../../clients/fleet-client.js';
import { SkuPipe } from '../../rest/sku.pipe.js';
import { GraphqlContext } from '../graphql-context.js';
import { type Connection, connection, ConnectionArgs } from '../types/connection.js';
import { OrderItem } from '../types/order.js';
import { Product, ProductConnection } from '../types/product.js';

@ArgsType()
class ProductsArgs extends ConnectionArgs {
  @Field(() => String, { nullable: true, description: 'Over SKU and name.' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  search?: string | null;
}

@Resolver(() => Product)
export class ProductsResolver {
  constructor(private readonly fleet: FleetClient) {}

  @Query(() => Product, { nullable: true })
  @Public()
  product(
    @Args('sku', SkuPipe) sku: string,
    @Context() { loaders }: GraphqlContext,
  ): Promise<Product> {
    return loaders.product.load(sku);
  }

  @Query(() => ProductConnection, { nullable: true })
  @Public()
  products(
    @Args() args: ProductsArgs,
    @Context() { mode }: GraphqlContext,
  ): Promise<Connection<Product>> {
    const search = args.search ?? undefined;
    return connection(args, (page) => this.fleet.call(ListProducts, { ...page, search, mode }));
  }
}

@Resolver(() => OrderItem)
export class OrderItemsResolver {
  /** As it is now; archived products, too. */
  @ResolveField(() => Product, { nullable: true })
  @Public()
  product(@Parent() { sku }: OrderItem, @Context() { loaders }: GraphqlContext): Promise<Product> {
    return loaders.product.load(sku);
  }
}
