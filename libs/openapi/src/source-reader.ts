import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { RuleKeywords } from './rule-keywords.js';
import type { Schema } from './schema.js';
import { ThrownCodes } from './thrown-codes.js';
import { describing, TypeSchemas } from './type-schemas.js';

/** A route as its handler's source tells it. */
export interface RouteSource {
  description?: string;
  /** What it answers with; undefined when there is nothing to answer. */
  answer?: Schema;
  /** The body of the request, where it takes one. */
  body?: Schema;
  query: QueryParameter[];
  /** The decorators of its parameters, such as `IfMatch`. */
  decorators: Set<string>;
  /** The problems that it may be refused with, besides the general ones. */
  codes: string[];
}

export interface QueryParameter {
  name: string;
  description?: string;
  required: boolean;
  schema: Schema;
}

/** Reads controllers with the compiler: what decorators and reflection do not tell is in types and comments. */
export class SourceReader {
  readonly #checker: ts.TypeChecker;
  readonly #schemas: TypeSchemas;
  readonly #thrown: ThrownCodes;
  readonly #controllers = new Map<string, ts.ClassDeclaration>();
  readonly #handlers = new Map<string, ts.MethodDeclaration>();

  /** `tsconfig` is that of the application whose DTO classes are loaded. @throws Error when it cannot be read */
  constructor(tsconfig: string, version: string, exampleOf: (name: string) => unknown) {
    const program = programOf(tsconfig);
    this.#checker = program.getTypeChecker();
    this.#schemas = new TypeSchemas(this.#checker, new RuleKeywords(), exampleOf, version);
    const isOwn = (file: ts.SourceFile) => file.fileName.startsWith(`${dirname(tsconfig)}/src/`);
    this.#thrown = new ThrownCodes(this.#checker, isOwn);
    for (const file of program.getSourceFiles().filter(isOwn)) {
      for (const controller of file.statements.filter(ts.isClassDeclaration)) {
        this.#controllers.set(controller.name?.text ?? '', controller);
        for (const method of controller.members.filter(ts.isMethodDeclaration)) {
          this.#handlers.set(`${controller.name?.text}.${method.name.getText()}`, method);
        }
      }
    }
  }

  /** The named types that the routes read so far refer to. */
  get components(): Record<string, Schema> {
    return this.#schemas.components;
  }

  /** What the comment above a controller says. */
  controller(name: string): { description?: string } {
    const symbol = this.#checker.getSymbolAtLocation(this.#controllers.get(name)!.name!);
    return describing(symbol, this.#checker);
  }

  /** `handler` as in `OrdersController.place`. @throws Error when there is no such method */
  async route(handler: string): Promise<RouteSource> {
    const method = this.#handlers.get(handler);
    if (!method) throw new Error(`There is no ${handler} in the sources.`);
    const symbol = this.#checker.getSymbolAtLocation(method.name);
    const body = this.parameter(method, 'Body');
    return {
      ...describing(symbol, this.#checker),
      answer: this.answerOf(method),
      body: body && this.#schemas.schemaOf(body),
      query: this.queryOf(this.parameter(method, 'Query')),
      decorators: new Set(
        method.parameters.flatMap((parameter) => decoratorsOf(parameter).map(nameOf)),
      ),
      codes: await this.codesOf(method),
    };
  }

  private answerOf(method: ts.MethodDeclaration): Schema | undefined {
    const signature = this.#checker.getSignatureFromDeclaration(method)!;
    const returned = signature.getReturnType();
    const type = this.within(this.#checker.getAwaitedType(returned) ?? returned);
    return type.flags & ts.TypeFlags.VoidLike ? undefined : this.#schemas.schemaOf(type);
  }

  /** What clients get of an `Answered<Answer>`. */
  private within(type: ts.Type): ts.Type {
    if (type.symbol?.name !== 'Answered') return type;
    return this.#checker.getTypeArguments(type as ts.TypeReference)[0]!;
  }

  /** The type of the parameter that is decorated so, unless it says that it takes nothing. */
  private parameter(method: ts.MethodDeclaration, decorator: string): ts.Type | undefined {
    const found = method.parameters.find((one) =>
      decoratorsOf(one).some((given) => nameOf(given) === decorator),
    );
    const type = found && this.#checker.getTypeAtLocation(found);
    return type && type.flags & ts.TypeFlags.Unknown ? undefined : type;
  }

  private queryOf(type: ts.Type | undefined): QueryParameter[] {
    if (!type) return [];
    const reference = this.#schemas.schemaOf(type);
    const name = reference.$ref!.split('/').at(-1)!;
    const { properties = {}, required = [] } = this.components[name]!;
    delete this.components[name]; // its fields are parameters, and nothing refers to it
    return Object.entries(properties).map(([field, { description, ...schema }]) => ({
      name: field,
      ...(description !== undefined && { description }),
      required: required.includes(field),
      schema,
    }));
  }

  private async codesOf(method: ts.MethodDeclaration): Promise<string[]> {
    const { codes, operations } = this.#thrown.of(method);
    for (const operation of operations) {
      const declared = operation.valueDeclaration!.getSourceFile().fileName;
      const file = pathToFileURL(declared.replace(/\.d\.ts$/, '.js')).href;
      const module = (await import(file)) as Record<string, { errors: string[] }>;
      for (const code of module[operation.name]?.errors ?? []) codes.add(code);
    }
    return [...codes].sort();
  }
}

function decoratorsOf(parameter: ts.ParameterDeclaration): readonly ts.Decorator[] {
  return ts.getDecorators(parameter) ?? [];
}

function nameOf({ expression }: ts.Decorator): string {
  return (ts.isCallExpression(expression) ? expression.expression : expression).getText();
}

function programOf(tsconfig: string): ts.Program {
  const { config, error } = ts.readConfigFile(tsconfig, (path) => ts.sys.readFile(path)) as {
    config: unknown;
    error?: ts.Diagnostic;
  };
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, dirname(tsconfig));
  return ts.createProgram(parsed.fileNames, { ...parsed.options, noEmit: true });
}
