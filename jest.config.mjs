/** Every test runs against the sources, as ESM, compiled by swc with the decorators that Nest reads. */
const swc = [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: 'es6' },
    jsc: {
      target: 'es2024',
      parser: { syntax: 'typescript', decorators: true },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        useDefineForClassFields: false,
      },
      keepClassNames: true,
    },
  },
];

const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': swc },
  moduleNameMapper: {
    '^@flotilla/(cache|contracts|event-store|messaging|openapi|revocation|runtime|sdk|servers|testing)/(.*)$':
      '<rootDir>/libs/$1/src/$2.ts',
    '^@flotilla/(api-keys|gateway|identity|inventory|notifications|orders|users)/(.*)$':
      '<rootDir>/apps/$1/src/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.flotilla/'],
};

/** Real servers, started once for all test files. */
const withServers = {
  ...common,
  globalSetup: '<rootDir>/libs/testing/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/libs/testing/jest/global-teardown.mjs',
};

export default {
  maxWorkers: 2,
  // A worker with nothing left to do ends at once, but a busy machine may take longer than 500 ms to let it.
  workerGracefulExitTimeout: 10_000,
  // Of a test that hangs. A machine that has ten times as much to do is no reason to fail.
  testTimeout: 120_000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs}/*/src/**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.int\\.spec\\.ts$'],
    },
    {
      ...withServers,
      displayName: 'int',
      testMatch: ['<rootDir>/{apps,libs}/*/src/**/*.int.spec.ts'],
    },
    {
      ...withServers,
      displayName: 'journeys',
      testMatch: ['<rootDir>/apps/fleet/test/*.spec.ts'],
    },
    {
      ...withServers,
      displayName: 'faults',
      testMatch: ['<rootDir>/apps/fleet/test/faults/*.spec.ts'],
    },
  ],
};
