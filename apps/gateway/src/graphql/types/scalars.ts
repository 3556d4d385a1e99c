import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';

/** RFC 3339 in UTC with milliseconds, as services write it; no input has one. */
export const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  description: 'RFC 3339 in UTC with milliseconds: `2026-01-02T03:04:05.678Z`.',
  serialize: String,
});

/** More than `Int`, which has 32 bits; no input has one. */
export const SafeInt = new GraphQLScalarType<number, number>({
  name: 'SafeInt',
  description: 'An integer that JavaScript counts exactly: up to 9007199254740991.',
  serialize: Number,
});

/** A client's own data. */
export const JSONObject = new GraphQLScalarType<object, object>({
  name: 'JSONObject',
  description: 'Any JSON object.',
  serialize: (value) => value as object,
  parseValue: (value) => anObject(value),
  parseLiteral: (literal, variables) =>
    anObject(literal.kind === Kind.OBJECT && valueFromASTUntyped(literal, variables)),
});

function anObject(value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new GraphQLError('This has to be a JSON object.');
}
