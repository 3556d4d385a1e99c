import ts from 'typescript';
import type { RuleKeywords } from './rule-keywords.js';
import type { Schema } from './schema.js';

/** Names under which the API never has a fraction of anything, but for times that were taken. */
const FRACTIONAL = /milliseconds$/i;
/** Names under which the API has an instant (RFC 3339). */
const INSTANT = /At$|^(start|from|to|expiresOn)$/;

/** JSON schemas of TypeScript types, as the compiler understands them; named types become components. */
export class TypeSchemas {
  readonly components: Record<string, Schema> = {};

  /** `version` leaves out of unions what is named for another one: `UserV1` in a document of `v2`. */
  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly rules: RuleKeywords,
    private readonly exampleOf: (name: string) => unknown,
    private readonly version: string,
  ) {}

  /** The schema of a type; `name` is that of the field it belongs to. */
  schemaOf(type: ts.Type, name = ''): Schema {
    if (type.isUnion()) return this.unionOf(type, name);
    if (type.flags & ts.TypeFlags.Any || type.flags & ts.TypeFlags.Unknown) return {};
    if (type.flags & ts.TypeFlags.Never) return { not: {} };
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' };
    if (type.flags & ts.TypeFlags.TemplateLiteral) return typeId(type as ts.TemplateLiteralType);
    if (type.flags & ts.TypeFlags.StringLike) {
      return { type: 'string', ...(INSTANT.test(name) && { format: 'date-time' }) };
    }
    if (type.flags & ts.TypeFlags.NumberLike) {
      return { type: FRACTIONAL.test(name) ? 'number' : 'integer' };
    }
    const item = this.itemOf(type);
    if (item) return { type: 'array', items: this.schemaOf(item) };
    return this.objectOf(type);
  }

  private unionOf(type: ts.UnionType, name: string): Schema {
    const given = type.types.filter(
      (one) => !(one.flags & ts.TypeFlags.Undefined) && this.isInVersion(one),
    );
    const some = given.filter((one) => !(one.flags & ts.TypeFlags.Null));
    const nullable = some.length < given.length;
    const schema = this.alternatives(some, name);
    if (!nullable) return schema;
    if (schema.enum) return { ...schema, type: ['string', 'null'], enum: [...schema.enum, null] };
    if (typeof schema.type === 'string') return { ...schema, type: [schema.type, 'null'] };
    return { anyOf: [schema, { type: 'null' }] };
  }

  private isInVersion(type: ts.Type): boolean {
    const named = /V\d+$/.exec(type.symbol?.name ?? '')?.[0];
    return named === undefined || named.toLowerCase() === this.version;
  }

  private alternatives(types: ts.Type[], name: string): Schema {
    if (types.every((one) => one.flags & ts.TypeFlags.BooleanLike)) return { type: 'boolean' };
    if (types.every((one) => one.isStringLiteral())) {
      return { type: 'string', enum: types.map((one) => (one as ts.StringLiteralType).value) };
    }
    const schemas = types.map((one) => this.schemaOf(one, name));
    const distinct = [...new Map(schemas.map((one) => [JSON.stringify(one), one])).values()];
    return distinct.length === 1 ? distinct[0]! : { anyOf: distinct };
  }

  private itemOf(type: ts.Type): ts.Type | undefined {
    if (!this.checker.isArrayLikeType(type)) return undefined;
    return this.checker.getIndexTypeOfType(type, ts.IndexKind.Number);
  }

  private objectOf(type: ts.Type): Schema {
    const name = this.nameOf(type);
    if (name === undefined) return this.fieldsOf(type);
    if (!(name in this.components)) {
      this.components[name] = {}; // for types that contain themselves
      this.components[name] = { ...describing(type.symbol, this.checker), ...this.fieldsOf(type) };
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  /** `OrderView`, and `OrderViewPage` for `Page<OrderView>`; undefined for what has no name of its own. */
  private nameOf(type: ts.Type): string | undefined {
    if (!type.symbol || !(type.symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface))) {
      return undefined;
    }
    const given = this.checker.getTypeArguments(type as ts.TypeReference);
    const names = given.map((one) => (one.symbol ? this.nameOf(one) : undefined) ?? '');
    return `${names.join('')}${type.symbol.name}`;
  }

  private fieldsOf(type: ts.Type): Schema {
    const anything = this.checker.getIndexTypeOfType(type, ts.IndexKind.String);
    if (anything) return { type: 'object', additionalProperties: this.schemaOf(anything) };
    const owner = type.symbol?.name ?? '';
    const required: string[] = [];
    const properties: Record<string, Schema> = {};
    for (const property of this.checker.getPropertiesOfType(type)) {
      const { name } = property;
      const schema = this.schemaOf(this.checker.getTypeOfSymbol(property), name);
      properties[name] = {
        ...describing(property, this.checker),
        ...this.rules.apply(owner, name, schema),
        ...this.exampleFor(name, schema),
      };
      if (!(property.flags & ts.SymbolFlags.Optional)) required.push(name);
    }
    return {
      type: 'object',
      ...(required.length > 0 && { required }),
      properties,
      ...(this.rules.has(owner) && { additionalProperties: false }),
    };
  }

  private exampleFor(name: string, { type, enum: known }: Schema): Schema {
    const example = this.exampleOf(name);
    const fits = [type].flat().includes(typeOf(example)) && !known;
    return example !== undefined && fits ? { examples: [example] } : {};
  }
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/** A TypeID of one kind: what `Id<'ord'>` is to the compiler. */
function typeId({ texts }: ts.TemplateLiteralType): Schema {
  return { type: 'string', pattern: `^${texts[0]}[0-7][0-9a-hjkmnp-tv-z]{25}$` };
}

/** What the comment above it says. */
export function describing(symbol: ts.Symbol | undefined, checker: ts.TypeChecker): Schema {
  const parts = symbol?.getDocumentationComment(checker) ?? [];
  const description = ts.displayPartsToString(parts).replace(/\s+/g, ' ').trim();
  return description === '' ? {} : { description };
}
