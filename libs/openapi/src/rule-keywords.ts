import { getMetadataStorage } from 'class-validator';
import type { Schema } from './schema.js';

type Keywords = (constraints: readonly unknown[]) => Schema;

/** What a rule of class-validator, or of our own, says in JSON Schema. Rules about types are left to the types. */
const KEYWORDS: Record<string, Keywords> = {
  isInt: () => ({ type: 'integer' }),
  min: ([minimum]) => ({ minimum }),
  max: ([maximum]) => ({ maximum }),
  minLength: ([minLength]) => ({ minLength }),
  maxLength: ([maxLength]) => ({ maxLength }),
  matches: ([pattern]) => ({ pattern: (pattern as RegExp).source }),
  arrayMinSize: ([minItems]) => ({ minItems }),
  arrayMaxSize: ([maxItems]) => ({ maxItems }),
  arrayUnique: () => ({ uniqueItems: true }),
  isEmail: () => ({ format: 'email' }),
  isUrl: () => ({ format: 'uri' }),
  isInstant: () => ({ format: 'date-time' }),
  isNotBlank: () => ({ pattern: '\\S' }),
  notEquals: ([value]) => ({ not: { const: value } }),
};

/** The rules of all DTO classes that are loaded, by name of the class. */
export class RuleKeywords {
  readonly #classes = new Map<string, abstract new () => unknown>();

  /** @throws Error when two DTO classes share a name, since one schema could not be both */
  constructor(classes: Iterable<abstract new () => unknown> = loadedClasses()) {
    for (const one of classes) {
      if (this.#classes.has(one.name)) throw new Error(`Two DTO classes are called ${one.name}.`);
      this.#classes.set(one.name, one);
    }
  }

  /** Whether a class has rules, and so refuses fields that it does not know. */
  has(className: string): boolean {
    return this.#classes.has(className);
  }

  /** The schema of a field with the keywords that its rules add. */
  apply(className: string, property: string, schema: Schema): Schema {
    const owner = this.#classes.get(className);
    if (!owner) return schema;
    const rules = getMetadataStorage()
      .getTargetValidationMetadatas(owner, '', false, false)
      .filter((rule) => rule.propertyName === property);
    let result = schema;
    for (const { name, constraints, each } of rules) {
      const keywords = KEYWORDS[name ?? '']?.((constraints ?? []) as unknown[]);
      if (!keywords) continue;
      result = each
        ? { ...result, items: { ...result.items, ...keywords } }
        : { ...result, ...keepingNull(result, keywords) };
    }
    return result;
  }
}

function keepingNull({ type }: Schema, keywords: Schema): Schema {
  if (keywords.type === undefined || !Array.isArray(type)) return keywords;
  return { ...keywords, type: [keywords.type as string, ...type.filter((one) => one === 'null')] };
}

function loadedClasses(): Iterable<abstract new () => unknown> {
  const storage = getMetadataStorage() as unknown as {
    validationMetadatas: Map<abstract new () => unknown, unknown>;
  };
  return storage.validationMetadatas.keys();
}
