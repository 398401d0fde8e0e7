/** Adapters: the files that know a technology. */
const adapters =
  '^src/((eventStore|privacy|audit)/(sqlite|inMemory|directory|clusterKey)[^/]*|eventStore/eventStoreDb/[^/]+)[.]ts$';
/** Entries of the package, and of the thread that rebuilds: the only ones that choose an adapter. */
const entries = '^src/((index|compliance|eventStoreDb|fhir|readModelWorker|sqlite|verifier)[.]ts$|cli/)';

/** The domain reaches the outside only as these rules say. */
const domainIsPure = [
  {
    name: 'domain-is-pure',
    comment:
      'The domain imports itself, zod, fp-ts and two pure libraries: no store, no clock, no Node (architecture).',
    severity: 'error',
    from: { path: '^src/domain/' },
    to: { pathNot: ['^src/domain/', 'node_modules/(zod|fp-ts|personnummer|temporal-polyfill)/'] },
  },
  {
    name: 'personnummer-in-one-file',
    comment: 'Personal numbers are checked in src/domain/identifiers.ts; everybody else calls that file.',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/domain/identifiers[.]ts$' },
    to: { path: 'node_modules/personnummer/' },
  },
  {
    name: 'temporal-in-one-file',
    comment: 'Days and times of day in Sweden are counted in src/domain/time.ts; everybody else calls that file.',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/domain/time[.]ts$' },
    to: { path: 'node_modules/temporal-polyfill/' },
  },
];

/** The floors of the house, from the ground up: each stands on those below it and knows nothing of those above. */
const floors = ['domain', 'privacy|eventStore|audit', 'access', 'projections', 'commands', 'clock|operations'];
const layers = floors.slice(0, -1).map((floor, index) => ({
  name: `${floor.replaceAll('|', '-and-')}-knows-nothing-above`,
  comment:
    'domain, then eventStore, privacy and audit, then access, projections, commands, clock and operations, then folja.ts.',
  severity: 'error',
  from: { path: `^src/(${floor})/` },
  to: {
    path: [
      `^src/(${floors.slice(index + 1).join('|')})/`,
      '^src/(folja|index|compliance|eventStoreDb|fhir|readModelWorker|sqlite|verifier)[.]ts$',
      '^src/(compliance|cli)/',
    ],
  },
}));

module.exports = {
  forbidden: [
    ...domainIsPure,
    ...layers,
    {
      name: 'aggregates-know-events-only',
      comment:
        'What one aggregate may know of another is what happened to it (events.ts), and the content of a template.',
      severity: 'error',
      from: { path: '^src/domain/([^/]+)/' },
      to: { path: '^src/domain/[^/]+/', pathNot: ['^src/domain/$1/', '^src/domain/[^/]+/(events|content)[.]ts$'] },
    },
    {
      name: 'adapters-only-from-entries',
      comment: 'Everything else knows the port; which technology lies behind it is the choice of an entry.',
      severity: 'error',
      from: { path: '^src/', pathNot: [entries, adapters] },
      to: { path: adapters },
    },
    {
      name: 'command-on-top',
      comment: 'The command folja stands on the whole library; nothing of the library knows it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'compliance-above-the-library',
      comment:
        'The compliance properties look at the library from above; nothing of it knows them but their entry and the command.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(compliance[.]ts$|compliance/|cli/)' },
      to: { path: '^src/compliance(/|[.]ts$)' },
    },
    {
      name: 'compliance-loaded-on-demand',
      comment:
        'The command loads the properties where it is asked for them alone: fast-check is the host’s to install.',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^src/compliance(/|[.]ts$)', dynamic: false, dependencyTypesNot: ['type-only', 'type-import'] },
    },
    {
      name: 'compliance-is-no-adapter',
      comment:
        'The properties hold for any store: they know what the library was opened with through inside.ts, and no entry’s adapter.',
      severity: 'error',
      from: { path: '^src/compliance/' },
      to: { path: ['^src/(eventStoreDb|fhir|sqlite|verifier)[.]ts$', '^src/cli/'] },
    },
    {
      name: 'random-runs-in-compliance',
      comment: 'fast-check makes the runs of the compliance properties; who embeds the library does not load it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/compliance/' },
      to: { path: 'node_modules/fast-check/' },
    },
    {
      name: 'parser-and-tables-in-the-command',
      comment: 'Who embeds the library loads neither.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: 'node_modules/(commander|cli-table3)/' },
    },
    {
      name: 'driver-in-four-files',
      comment: 'better-sqlite3 loads where a database is opened; elsewhere only its types are known.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: '^src/eventStore/(sqliteFile|sqliteReadOnly|memoryDatabase|eventStoreDb/nodeLock)[.]ts$',
      },
      to: { path: 'node_modules/better-sqlite3/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'cluster-client-behind-its-port',
      comment:
        'The client of EventStoreDB, its types too, stays in the files of the driver; all others know cluster.ts.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/eventStore/eventStoreDb/(driver|connection)[^/]*[.]ts$' },
      to: { path: 'node_modules/(@eventstore|@grpc)/' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or lack a third. Types count too.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'library-stands-alone',
      comment: 'What is shipped needs nothing of what surrounds it.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|examples|bench|scripts)/' },
    },
    {
      name: 'only-declared-dependencies',
      comment:
        "What is imported at run time is installed with the package; the client of EventStoreDB and fast-check are the host's to install.",
      severity: 'error',
      from: { path: '^src/' },
      to: {
        pathNot: 'node_modules/(@eventstore|@grpc|fast-check)/',
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'imports-resolve',
      comment: 'Every import leads to a file.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.js', '.json', '.d.ts'],
    },
  },
};
