import { DEFAULT_PAGE_LIMIT } from '@flotilla/contracts/pages';
import {
  type DocumentNode,
  type ExecutableDefinitionNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isListType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { excess } from './excess.js';

/** So many objects cost as much as a request to the REST API, whose largest page has as many. */
export const OBJECTS_PER_UNIT = 100;
/** What services are asked for; everything else comes with one of these. */
const ASKED_FOR: ReadonlySet<string> = new Set(['User', 'Order', 'Product']);
/** How many there may be in a list without `first`: the lines of an order. */
const LIST_LENGTH = 5;
/** All of the schema at once. */
const SCHEMA = '__schema';
/** They look at the schema alone; graphql-js has rules of its own for how deep. */
const INTROSPECTION: ReadonlySet<string> = new Set([SCHEMA, '__type']);

/** How much an operation asks for at most, with its fragments written out. */
export interface Extent {
  /** Fields within fields. */
  depth: number;
  aliases: number;
  /** What graphql-js compares, each with each, when it looks for fields that contradict one another. */
  fields: number;
  /** Objects that services may be asked for. */
  objects: number;
}

const NOTHING: Extent = { depth: 0, aliases: 0, fields: 0, objects: 0 };

/**
 * Measures operations without running them, in a time that grows with the length of the document, whatever its fragments multiply
 * to. Takes documents that are not valid, too.
 */
export class ExtentMeter {
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  private readonly known = new Map<string, Extent>();
  private readonly open = new Set<string>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Record<string, unknown> = {},
  ) {
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
      this.fragments.set(definition.name.value, definition);
    }
  }

  /** @throws AppError `validation-failed` for fragments that lead back to themselves, and for aliases in introspection */
  extentOf(definition: ExecutableDefinitionNode): Extent {
    const type =
      definition.kind === Kind.OPERATION_DEFINITION
        ? this.schema.getRootType(definition.operation)
        : this.schema.getType(definition.typeCondition.name.value);
    return this.selections(definition.selectionSet, type ?? undefined);
  }

  /** `first`: how long a list right below may be. */
  private selections(
    { selections }: SelectionSetNode,
    parent: GraphQLNamedType | undefined,
    first?: number,
  ): Extent {
    return selections
      .map((selection) => this.selection(selection, parent, first))
      .reduce(
        (all, one) => ({
          depth: Math.max(all.depth, one.depth),
          aliases: all.aliases + one.aliases,
          fields: all.fields + one.fields,
          objects: all.objects + one.objects,
        }),
        NOTHING,
      );
  }

  private selection(
    node: SelectionNode,
    parent: GraphQLNamedType | undefined,
    first: number | undefined,
  ): Extent {
    switch (node.kind) {
      case Kind.FIELD:
        return this.field(node, parent, first);
      case Kind.INLINE_FRAGMENT:
        return this.selections(node.selectionSet, parent, first);
      case Kind.FRAGMENT_SPREAD:
        return this.fragment(node.name.value, first);
    }
  }

  private field(
    node: FieldNode,
    parent: GraphQLNamedType | undefined,
    first: number | undefined,
  ): Extent {
    const name = node.name.value;
    const field = isObjectType(parent) ? parent.getFields()[name] : undefined;
    const type = field && getNamedType(field.type);
    const below = node.selectionSet
      ? this.selections(node.selectionSet, type, this.firstOf(node, field))
      : NOTHING;
    const aliases = below.aliases + (node.alias ? 1 : 0);
    const fields = below.fields + 1;
    if (INTROSPECTION.has(name)) {
      // With them it could be asked for again and again in one operation; no tool needs any.
      const repeats = below.aliases > 0 || (name === SCHEMA && node.alias);
      if (repeats) throw excess('introspection', 'The schema is told without aliases.');
      return { depth: 0, aliases, fields, objects: 0 };
    }
    const asked = type && ASKED_FOR.has(type.name) ? 1 : 0;
    const times = field && isListType(getNullableType(field.type)) ? (first ?? LIST_LENGTH) : 1;
    const objects = times * (asked + below.objects);
    // Whatever changes something is worth a request of its own.
    const isChange = parent !== undefined && parent === this.schema.getMutationType();
    const worth = isChange ? Math.max(OBJECTS_PER_UNIT, objects) : objects;
    return { depth: below.depth + 1, aliases, fields, objects: worth };
  }

  private fragment(name: string, first: number | undefined): Extent {
    if (this.open.has(name)) throw excess('fragment-cycle', `Fragment ${name} spreads itself.`);
    const definition = this.fragments.get(name);
    if (!definition) return NOTHING;
    const key = `${name} ${first}`;
    const known = this.known.get(key);
    if (known) return known;
    this.open.add(name);
    const parent = this.schema.getType(definition.typeCondition.name.value);
    const extent = this.selections(definition.selectionSet, parent, first);
    this.open.delete(name);
    this.known.set(key, extent);
    return extent;
  }

  /** How many a connection is asked for. */
  private firstOf(
    node: FieldNode,
    field: GraphQLField<unknown, unknown> | undefined,
  ): number | undefined {
    if (!field?.args.some(({ name }) => name === 'first')) return undefined;
    const given = node.arguments?.find(({ name }) => name.value === 'first')?.value;
    const asked =
      given?.kind === Kind.VARIABLE
        ? this.variables[given.name.value]
        : given?.kind === Kind.INT && Number(given.value);
    return typeof asked === 'number' ? Math.max(0, asked) : DEFAULT_PAGE_LIMIT;
  }
}
