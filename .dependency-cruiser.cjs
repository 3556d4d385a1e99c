/**
 * The direction of dependencies (docs/architecture.md). Each rule has a fixture under apps/fleet/test/boundaries/<rule> that breaks it,
 * and a test that sees it broken. Packages resolve to what is built, so this runs after the build.
 */
const SPECS = '\\.spec\\.ts$';
const CODE = '(src|dist)/';
const lib = (names) => `^libs/(${names})/${CODE}`;

/** Which libraries a library may use, besides itself. */
const LIBRARY_ORDER = {
  contracts: [],
  servers: [],
  openapi: ['contracts'],
  sdk: [],
  runtime: ['contracts'],
  messaging: ['contracts', 'runtime'],
  'event-store': ['contracts', 'runtime', 'messaging'],
  revocation: ['contracts', 'runtime', 'messaging'],
  cache: ['contracts', 'runtime', 'messaging'],
};

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that nothing answers breaks at run time only.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-app-imports-app',
      comment:
        'Services know each other by contracts. Only the fleet composes apps, and only by their bootstrap.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: ['^apps/$1/', `^apps/[^/]+/${CODE}bootstrap\\.`] },
    },
    {
      name: 'only-fleet-composes',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/fleet/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-lib-imports-app',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    ...Object.entries(LIBRARY_ORDER).map(([name, uses]) => ({
      name: `library-order-${name}`,
      severity: 'error',
      from: { path: lib(name), pathNot: SPECS },
      to: { path: '^libs/[^/]+/(?!node_modules/)', pathNot: lib([name, ...uses].join('|')) },
    })),
    {
      name: 'domain-is-pure',
      comment: 'No framework, no I/O: a domain knows itself and the contract.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/domain/', pathNot: SPECS },
      to: { pathNot: ['^apps/$1/src/domain/', lib('contracts'), '^(node:)?crypto$'] },
    },
    {
      name: 'use-cases-face-inward',
      comment: 'A use case says what it needs in ports.ts; adapters answer.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/use-cases/', pathNot: SPECS },
      to: {
        path: [
          '^apps/',
          '/node_modules/(pg|typeorm|@nats-io|fastify|@nestjs/(?!common))',
          '(^|/)node_modules/(pg|typeorm|@nats-io)/',
        ],
        pathNot: ['^apps/$1/src/(domain|use-cases)/'],
      },
    },
    {
      name: 'repositories-face-inward',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/repositories/', pathNot: SPECS },
      to: { path: '^apps/$1/src/controllers/' },
    },
    {
      name: 'controllers-hold-no-sql',
      severity: 'error',
      from: { path: '^apps/[^/]+/src/(controllers|rest)/', pathNot: SPECS },
      to: { path: '(^|/)node_modules/(pg|typeorm)/' },
    },
    {
      name: 'no-test-code-in-products',
      severity: 'error',
      from: { path: '^(apps|libs)/[^/]+/src/', pathNot: [SPECS, '^libs/testing/'] },
      to: { path: [lib('testing'), '(^|/)node_modules/(@jest|jest|fast-check|@nestjs/testing)/'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['^apps/fleet/test/boundaries/', '^node_modules/@types/'] },
    tsPreCompilationDeps: true,
    moduleSystems: ['es6'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
