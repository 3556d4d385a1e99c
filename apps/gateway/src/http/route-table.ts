/** The methods each path answers: what 405, `Allow` and OPTIONS need and the router does not tell. */
export class RouteTable {
  readonly #routes: { path: RegExp; methods: Set<string> }[] = [];

  /** Takes a route as Fastify registers it; `url` may hold `:parameters`, each one segment. */
  add(url: string, methods: string | string[]): void {
    const path = new RegExp(
      `^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[^/]+/g, '[^/]+')}$`,
    );
    const known = this.#routes.find((route) => route.path.source === path.source);
    const route = known ?? { path, methods: new Set() };
    for (const method of [methods].flat()) route.methods.add(method);
    if (!known) this.#routes.push(route);
  }

  /** What a path (without query) answers, OPTIONS included; empty when there is nothing at it. */
  allowedMethods(path: string): string[] {
    const methods = this.#routes
      .filter((route) => route.path.test(path))
      .flatMap((route) => [...route.methods]);
    return methods.length === 0 ? [] : [...new Set([...methods, 'OPTIONS'])].sort();
  }
}
