// The import rules of the house. test/architecture/violations holds at least one planted violation of each.
// Third-party modules resolve to node_modules/.pnpm/<name>@<version>/node_modules/<name>/…; one that is not installed keeps its bare name.
const service = '^services/([^/]+)/src';
// Tests, and what only tests use: fixtures.ts beside them, test/ beside the sources of a service or a package.
const test = ['[.](test|faults)[.]ts$', '/fixtures[.]ts$', '^(services|packages)/[^/]+/test/'];
const thirdParty = (...names) => `(^|node_modules/)(${names.join('|')})(/|$)`;

const kafka = thirdParty('kafkajs');
const mongo = thirdParty('mongoose', 'mongodb');
const grpc = thirdParty('@grpc/[^/]+', 'grpc-health-check');
const protobuf = thirdParty('@bufbuild/protobuf', '@grpc/grpc-js');
const testTools = thirdParty('vitest', 'fast-check');

const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

/** One room of a service: what it may import, and nothing else. Its tests may import more. */
const room = (name, comment, path, ...allowed) => forbid(name, comment, { path: service + path, pathNot: test }, { pathNot: allowed });

module.exports = {
  forbidden: [
    forbid('no-cycles', 'A cycle means two files are one idea.', {}, { circular: true }),
    forbid('no-orphans', 'Dead file.', { orphan: true, pathNot: [...test, '[.]d[.]ts$', '^packages/contracts/src/gen/'] }, {}),
    forbid('everything-resolves', 'A module that is not found evades the rules that speak of its path.', {}, { couldNotResolve: true }),

    forbid(
      'services-are-islands',
      'Services speak by proto and events only.',
      { path: '^services/([^/]+)/' },
      { path: '^services/', pathNot: '^services/$1/' },
    ),
    room(
      'domain-is-pure',
      'No input or output, no proto, no node:*. i18next computes words from facts and touches nothing, so a domain may word its messages with it.',
      '/domain/',
      '^services/$1/src/domain/',
      '^packages/kernel/',
      thirdParty('i18next'),
    ),
    room(
      'usecases-see-tx-and-domain',
      'A use case touches what is in tx, and never calls another.',
      '/usecases/',
      '^services/$1/src/(domain/|(tx|events)[.]ts$)',
      '^packages/kernel/',
    ),
    room(
      'store-speaks-domain-and-mongo',
      'Documents in, domain out.',
      '/store/',
      '^services/$1/src/(store|domain)/',
      '^packages/(kernel|service-kit)/',
      thirdParty('mongoose'),
    ),
    room(
      'tx-holds-stores',
      'All a use case may hold: stores, emit, now.',
      '/tx[.]ts$',
      '^services/$1/src/(store|domain)/',
      '^packages/(kernel|service-kit)/',
      thirdParty('mongoose'),
    ),
    room(
      'events-speak-contracts',
      'Everything the service announces, from domain to proto.',
      '/events[.]ts$',
      '^services/$1/src/domain/',
      '^packages/(kernel|contracts|service-kit)/',
    ),
    forbid(
      'edges-never-touch-store',
      'Go through a use case.',
      { path: `${service}/edges/`, pathNot: test },
      { path: '^services/[^/]+/src/store/' },
    ),
    forbid(
      'config-stands-alone',
      'From environment to values; whoever needs one is given it.',
      { path: `${service}/config[.]ts$` },
      { path: '^services/[^/]+/src/(?!domain/)' },
    ),
    forbid(
      'proto-at-edges-and-events',
      'A table of contents translates nothing.',
      { path: `${service}/(main|config)[.]ts$` },
      { path: '^packages/contracts/' },
    ),

    forbid('packages-below-services', 'Plumbing knows no business.', { path: '^packages/' }, { path: '^(services|test)/' }),
    forbid('packages-below-infra', 'Only tests need engines of their own.', { path: '^packages/(?!testkit/)' }, { path: '^infra/' }),
    forbid(
      'testkit-sees-what-starts-things',
      'Engines, the start of a whole Schoolbell and VNPAY stand-in; the rest of infra runs as processes.',
      { path: '^packages/testkit/' },
      { path: '^infra/(?!engines/|start/schoolbell[.]ts$|vnpay-sandbox/signature[.]ts$)' },
    ),
    forbid('kernel-imports-nothing', 'Pure TypeScript.', { path: '^packages/kernel/', pathNot: test }, { pathNot: '^packages/kernel/' }),
    forbid(
      'contracts-import-only-protobuf',
      'What services say to each other, and nothing they do.',
      { path: '^packages/contracts/', pathNot: test },
      { pathNot: ['^packages/contracts/', protobuf] },
    ),
    forbid('infra-runs-services-from-outside', 'A service is a process with an environment.', { path: '^infra/' }, { path: '^services/' }),

    forbid(
      'one-door-to-kafka',
      'Emit through the outbox, listen through the inbox. An operator looks at Kafka itself.',
      { pathNot: '^(packages/(service-kit|testkit)|infra/(engines|cli/kafka)|test/load)/' },
      { path: kafka },
    ),
    forbid(
      'one-door-to-mongo',
      'Stores and the transaction kit only.',
      {
        path: '^(services|packages|infra)/',
        pathNot: [
          ...['^services/[^/]+/src/(store/|tx[.]ts$)', '^packages/(service-kit|testkit)/', '^infra/engines/'],
          // What is given back is applied by a listener with a store of its own.
          '^infra/cli/kafka/.*[.]test[.]ts$',
        ],
      },
      { path: mongo },
    ),
    forbid(
      'one-door-to-grpc',
      'The wire is met at the edges.',
      { path: '^(services|packages)/', pathNot: ['^services/[^/]+/src/edges/', '^packages/(contracts|service-kit|testkit)/'] },
      { path: grpc },
    ),

    forbid(
      'production-never-imports-tests',
      'What ships does not know how it is tested.',
      { path: '^(services|packages|infra)/', pathNot: [...test, '^packages/testkit/'] },
      { path: ['^test/', '^packages/testkit/', ...test, testTools] },
    ),
    forbid(
      'stories-are-black-boxes',
      'Speak gRPC, HTTP and Kafka like everyone else.',
      { path: '^test/(journeys|resilience|contracts)/' },
      { path: '^services/' },
    ),
    forbid(
      'journeys-hold-no-plumbing',
      'Only the contract and the kit for tests.',
      { path: '^test/journeys/' },
      { path: '^(packages/service-kit|infra)/' },
    ),
    forbid('nobody-imports-the-bench', 'A bench is a program.', { pathNot: '^test/load/' }, { path: '^test/load/' }),
  ],
  options: {
    // Without this, imports that are erased with the types are not seen.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    // Without this, workspace packages are not resolved.
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/architecture/violations/' },
  },
};
