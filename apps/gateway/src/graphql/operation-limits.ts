import { AppError, type FieldError } from '@flotilla/contracts/errors';
import {
  type DocumentNode,
  getOperationAST,
  type GraphQLSchema,
  isExecutableDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { valueFaults } from '../http/json-body.js';
import { excess } from './excess.js';
import { type Extent, ExtentMeter, OBJECTS_PER_UNIT } from './operation-extent.js';

export const MAX_DEPTH = 10;
export const MAX_ALIASES = 50;
/** With fragments written out; who asks for the whole schema needs two hundred. */
export const MAX_FIELDS = 300;
/** Of a document, as `MAX_TOKENS`; no operation that people write has a tenth of it, and what parses and checks one needs not be fast at more. */
export const MAX_CHARACTERS = 16_384;
export const MAX_TOKENS = 2_000;
/** Units of the caller's limit. */
export const MAX_COST = 100;

/**
 * Refuses a document before anything is done with it: operations that are too deep, have too many aliases or lead in a circle, and
 * values that could not be stored.
 * @throws AppError `validation-failed`
 */
export function refuseExcess(schema: GraphQLSchema, document: DocumentNode): void {
  const meter = new ExtentMeter(schema, document);
  for (const definition of document.definitions) {
    if (!isExecutableDefinitionNode(definition)) continue;
    const extent = meter.extentOf(definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      if (!schema.getRootType(definition.operation)) {
        throw excess('graphql', `There is no ${definition.operation} here.`);
      }
      refuseDepthAndAliases(extent);
    }
    // Also of a fragment that is nowhere spread: graphql-js compares its fields all the same.
    if (extent.fields > MAX_FIELDS)
      throw excess('fields', `It has more than ${MAX_FIELDS} fields.`);
  }
  refuseBadValues(document);
}

function refuseDepthAndAliases({ depth, aliases }: Extent): void {
  if (depth > MAX_DEPTH) throw excess('depth', `It is ${depth} levels deep: ${MAX_DEPTH} go.`);
  if (aliases > MAX_ALIASES) throw excess('aliases', `It has more than ${MAX_ALIASES} aliases.`);
}

/**
 * What an operation costs, in units of its caller's limit.
 * @throws AppError `validation-failed` when that is more than anybody may spend at once, or than the whole limit
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
  operationName: string | undefined,
  limit: number,
): number {
  const operation = getOperationAST(document, operationName);
  if (!operation) return 1;
  const given = { ...defaultsOf(operation), ...variables };
  const { objects } = new ExtentMeter(schema, document, given).extentOf(operation);
  const cost = Math.max(1, Math.ceil(objects / OBJECTS_PER_UNIT));
  const most = Math.min(MAX_COST, limit);
  if (cost > most) throw excess('cost', `It costs ${cost}: ${most} go. Ask for shorter pages.`);
  return cost;
}

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): object {
  return Object.fromEntries(
    variableDefinitions.map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue && (valueFromASTUntyped(defaultValue) as unknown),
    ]),
  );
}

/** The same as is asked of values in a body of JSON. */
function refuseBadValues(document: DocumentNode): void {
  const errors: FieldError[] = [];
  const look = (value: ValueNode): void => {
    const found = valueFaults(valueFromASTUntyped(value, {}));
    errors.push(...found.map(({ code, detail }) => ({ pointer: '/query', code, detail })));
  };
  visit(document, {
    Argument: ({ value }) => look(value),
    VariableDefinition: ({ defaultValue }) => defaultValue && look(defaultValue),
  });
  if (errors.length === 0) return;
  throw new AppError('validation-failed', 'The operation holds values that cannot be taken.', {
    details: { errors },
  });
}
