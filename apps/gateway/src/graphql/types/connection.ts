import { AppError, isAppError } from '@flotilla/contracts/errors';
import type { Listing, PageQuery } from '@flotilla/contracts/pages';
import type { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** Forward pagination of the GraphQL Cursor Connections Specification; the same bounds as `?limit=` and `?cursor=`. */
@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, { nullable: true, description: '1 to 100; 20 unless it says otherwise.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'The cursor of the edge before.' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  after?: string | null;
}

@ObjectType()
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage: boolean;

  @Field(() => Boolean)
  hasPreviousPage: boolean;

  @Field(() => String, { nullable: true })
  startCursor: string | null;

  @Field(() => String, { nullable: true })
  endCursor: string | null;
}

/** A page of a list, newest first. */
export interface Connection<Node> {
  edges: { node: Node; cursor: string }[];
  pageInfo: PageInfo;
}

/** The type of connections of a type of objects: `OrderConnection` of `OrderEdge` of `Order`. */
export function connectionType<Node>(node: Type<Node>): Type<Connection<Node>> {
  @ObjectType(`${node.name}Edge`)
  class Edge {
    @Field(() => node)
    node: Node;

    @Field(() => String)
    cursor: string;
  }

  @ObjectType(`${node.name}Connection`)
  class NodeConnection implements Connection<Node> {
    @Field(() => [Edge])
    edges: Edge[];

    @Field(() => PageInfo)
    pageInfo: PageInfo;
  }

  return NodeConnection;
}

/**
 * What a service lists for such arguments.
 * @throws AppError what `list` throws, in the words of the arguments
 */
export async function connection<Node>(
  { first, after }: ConnectionArgs,
  list: (page: PageQuery) => Promise<Listing<Node>>,
): Promise<Connection<Node>> {
  const page = { limit: first ?? undefined, cursor: after ?? undefined };
  const { data, nextCursor, cursors } = await list(page).catch(refuseAfter);
  return {
    edges: data.map((node, index) => ({ node, cursor: cursors[index]! })),
    pageInfo: {
      hasNextPage: nextCursor !== null,
      hasPreviousPage: after != null,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    },
  };
}

/** What services call `cursor` is `after` here. */
function refuseAfter(error: unknown): never {
  if (!isAppError(error, 'validation-failed')) throw error;
  const errors = error.details!.errors.map(({ pointer, ...rest }) => ({
    pointer: pointer === '/cursor' ? '/after' : pointer,
    ...rest,
  }));
  throw new AppError(error.code, error.message, { details: { errors } });
}
