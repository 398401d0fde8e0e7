import type { Mutant } from '../mutant.ts';

const appending = 'eventStore/sqliteAppending.ts';
const writer = 'eventStore/sqliteWriter.ts';
const gate = 'access/gate.ts';
const tree = 'audit/tree.ts';

const ofWriter = ['eventStore/sqliteWriter.test.ts'];
const ofOutcomes = ['eventStore/sqliteOutcomes.test.ts'];
const ofGate = ['access/gate.test.ts'];
const ofTree = ['audit/growingTree.test.ts'];

/** Mistakes in what appends share: a transaction, what is written once for all of it, what is forgotten when it is undone, and turns. */
export const mutantsOfSharing: readonly Mutant[] = [
  {
    id: 'undone-is-remembered',
    what: 'where streams would end is remembered of a transaction that was undone',
    file: appending,
    from: 'streams.clear();\n    undone?.();',
    to: 'undone?.();',
    tests: ofOutcomes,
  },
  {
    id: 'others-do-not-hear-of-undone',
    what: 'the read models and the tree are not told that a transaction was undone',
    file: appending,
    from: 'streams.clear();\n    undone?.();',
    to: 'streams.clear();\n    void undone;',
    tests: ofTree,
  },
  {
    id: 'remembered-before-it-can-fail',
    what: 'where a stream ends is remembered before its append can fail no more',
    file: appending,
    from: 'const stored = written.map(({ event }) => event);',
    to: 'const stored = written.map(({ event }) => event);\n    streams.keep(stream, { id, head: revision + events.length - 1 });',
    tests: ofOutcomes,
  },
  {
    id: 'head-not-checked',
    what: 'an append does not look at the revision that it was decided on',
    file: 'eventStore/appendRules.ts',
    from: 'return expected === actual;',
    to: 'return expected <= actual;',
    tests: ['eventStore/sqliteProcesses.test.ts'],
  },
  {
    id: 'other-heads-not-checked',
    what: 'an append does not look at the other streams that it was decided on',
    file: 'eventStore/appendRules.ts',
    from: 'heads.every(([name, head]) => log.headOf(name) === head)',
    to: 'heads.every(([name, head]) => log.headOf(name) >= head)',
    tests: ['eventStore/sqlite.test.ts'],
  },
  {
    id: 'transaction-not-required',
    what: 'work goes on in a shared transaction that a full disk has ended',
    file: writer,
    from: 'if (!db.inTransaction) throw error;',
    to: 'void [db, error];',
    tests: ofWriter,
  },
  {
    id: 'failed-commit-is-remembered',
    what: 'nobody is told that a commit has failed',
    file: writer,
    from: 'abandon(commands);\n    hooks.undone?.();\n    return afterFailedCommit(results);',
    to: 'abandon(commands);\n    return afterFailedCommit(results);',
    tests: ofWriter,
  },
  {
    id: 'undone-untold',
    what: 'nobody is told that a transaction was undone before its commit',
    file: writer,
    from: 'abandon(commands);\n  hooks.undone?.();\n  return results;',
    to: 'abandon(commands);\n  void hooks;\n  return results;',
    tests: ofWriter,
  },
  {
    id: 'refused-work-stays',
    what: 'what a refused append has written is committed with those beside it',
    file: writer,
    from: 'if (E.isLeft(result)) undo(commands);\n    else commands.release.run();',
    to: 'void undo;\n    commands.release.run();',
    tests: ofWriter,
  },
  {
    id: 'failed-work-stays',
    what: 'what an append has written before it failed is committed with those beside it',
    file: writer,
    from: 'requireTransaction(commands, error);\n    undo(commands);',
    to: 'requireTransaction(commands, error);\n    commands.release.run();',
    tests: ofWriter,
  },
  {
    id: 'refused-alone-stays',
    what: 'what a refused append has written is committed when it had the transaction to itself',
    file: writer,
    from: 'if (results.every(E.isLeft)) return undone(queue, results);',
    to: '',
    tests: ofWriter,
  },
  {
    id: 'refusal-beside-failed-commit',
    what: 'an append is refused for something that a failed commit has taken back',
    file: writer,
    from: "E.left(E.isLeft(result) ? { kind: 'unavailable', retry: true } : { kind: 'unknown' })",
    to: "(E.isLeft(result) ? result : E.left({ kind: 'unknown' }))",
    tests: ofOutcomes,
  },
  {
    id: 'transaction-without-time',
    what: 'a shared transaction holds the event loop for as long as its works take',
    file: writer,
    from: 'if (performance.now() > until) break;',
    to: 'void until;',
    tests: ofWriter,
  },
  {
    id: 'late-comers-first',
    what: 'who comes later goes in before those who wait',
    file: gate,
    from: 'if (waiting.length > 0 || begun >= most) return wait();',
    to: 'if (begun >= most) return wait();',
    tests: ofGate,
  },
  {
    id: 'gate-stands-open',
    what: 'any number of calls begin in one turn',
    file: gate,
    from: 'if (waiting.length > 0 || begun >= most) return wait();',
    to: 'if (waiting.length > 0) return wait();',
    tests: ofGate,
  },
  {
    id: 'gate-lets-all-in-at-once',
    what: 'all who waited begin in one turn',
    file: gate,
    from: 'waiting.splice(0, most)',
    to: 'waiting.splice(0)',
    tests: ofGate,
  },
  {
    id: 'leaves-of-undone-stay',
    what: 'the leaves of events that were undone are added to the tree with the next',
    file: tree,
    from: 'undone: forget,',
    to: 'undone: () => undefined,',
    tests: ofTree,
  },
  {
    id: 'leaves-added-twice',
    what: 'the leaves of a transaction are added again with those of the next',
    file: tree,
    from: 'forget();\n      if (added.length > 0)',
    to: 'if (added.length > 0)',
    tests: ofTree,
  },
  {
    id: 'leaves-of-failed-settling-stay',
    what: 'the leaves of events that could not be added to the tree are added with the next',
    file: tree,
    from: 'forget();\n      if (added.length > 0) growTree(db, first, added);',
    to: 'if (added.length > 0) growTree(db, first, added);\n      forget();',
    tests: ofTree,
  },
  {
    id: 'tree-grows-over-a-gap',
    what: 'the tree takes leaves that do not follow those it has',
    file: tree,
    from: 'if (first?.position === frontier.size + 1) addLeaves(db, frontier, leaves);',
    to: 'if (first !== undefined) addLeaves(db, frontier, leaves);',
    tests: ['audit/tree.test.ts'],
  },
];
