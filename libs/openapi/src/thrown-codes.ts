import ts from 'typescript';

/** What a handler may be refused with, as far as its own code tells. */
export interface Thrown {
  codes: Set<string>;
  /** The operations it asks services for, whose refusals come on top. */
  operations: Set<ts.Symbol>;
}

/** Follows a handler through the functions it calls, as far as they are the application's own. */
export class ThrownCodes {
  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly isOwn: (file: ts.SourceFile) => boolean,
  ) {}

  of(handler: ts.Node): Thrown {
    const found: Thrown = { codes: new Set(), operations: new Set() };
    this.follow(handler, found, new Set());
    return found;
  }

  private follow(node: ts.Node, found: Thrown, seen: Set<ts.Node>): void {
    if (seen.has(node)) return;
    seen.add(node);
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const code = this.codeOf(node);
      if (code !== undefined) found.codes.add(code);
    }
    if (ts.isCallExpression(node)) {
      this.enter(this.checker.getResolvedSignature(node)?.declaration, found, seen);
    }
    if (ts.isIdentifier(node)) this.noteReference(node, found, seen);
    ts.forEachChild(node, (child) => this.follow(child, found, seen));
  }

  private enter(declaration: ts.Node | undefined, found: Thrown, seen: Set<ts.Node>): void {
    if (declaration && this.isOwn(declaration.getSourceFile())) {
      this.follow(declaration, found, seen);
    }
  }

  /** Notes an operation; goes into what decorators name: pipes, and functions that read the request. */
  private noteReference(name: ts.Identifier, found: Thrown, seen: Set<ts.Node>): void {
    const named = this.checker.getSymbolAtLocation(name);
    const symbol = named && this.resolved(named);
    const declaration = symbol?.valueDeclaration;
    if (!declaration) return;
    const isOperation = this.checker.getTypeAtLocation(name).symbol?.name === 'Operation';
    if (isOperation && ts.isVariableDeclaration(declaration)) found.operations.add(symbol);
    else if (ts.findAncestor(name, ts.isDecorator)) this.enter(declaration, found, seen);
  }

  private resolved(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  /** The code of an `AppError<'code'>` that an expression makes. */
  private codeOf(expression: ts.Expression): string | undefined {
    const type = this.checker.getTypeAtLocation(expression);
    if (type.symbol?.name !== 'AppError') return undefined;
    const [code] = this.checker.getTypeArguments(type as ts.TypeReference);
    return code?.isStringLiteral() ? code.value : undefined;
  }
}
