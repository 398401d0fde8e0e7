import type { Mutant } from '../mutant.ts';

const register = 'projections/register.ts';

/** Mistakes in what a purge reaches while read models are built anew. */
export const mutantsOfRebuilding: readonly Mutant[] = [
  {
    id: 'side-file-not-removed',
    what: 'a purge leaves the file in which read models are built anew',
    file: 'eventStore/sqliteAside.ts',
    from: 'removeRebuild(path);',
    to: 'void [removeRebuild, path];',
    tests: ['erasure/purgedWhileRebuilding.test.ts'],
  },
  {
    id: 'passing-not-cleaned',
    what: 'a purge leaves the rows that a rebuild has copied, or put others in the place of',
    file: register,
    from: 'if (there.includes(table)) deleteRows(db, programId, [table, column]);',
    to: 'void [there, table, column];',
    tests: ['erasure/purgedWhileRebuilding.test.ts'],
  },
  {
    id: 'copy-goes-on-after-purge',
    what: 'a rebuild is not told that what it copies is of no use since a purge',
    file: register,
    from: 'endCopy(db);\n  const there',
    to: 'void endCopy;\n  const there',
    tests: ['library/rebuildMark.test.ts'],
  },
];
