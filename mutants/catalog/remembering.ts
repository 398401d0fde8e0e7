import type { Mutant } from '../mutant.ts';

const known = 'eventStore/knownStreams.ts';
const appending = 'eventStore/sqliteAppending.ts';
const histories = 'eventStore/histories.ts';
const turns = 'eventStore/turns.ts';
const opened = 'privacy/openedKeys.ts';
const residents = 'access/residents.ts';

const ofStreams = ['eventStore/knownStreams.test.ts'];
const ofHistories = ['eventStore/histories.test.ts'];
const ofTurns = ['eventStore/turns.test.ts'];
const ofOpened = ['privacy/openedKeys.test.ts'];
const ofKeys = ['privacy/sqliteKeys.test.ts'];
const ofResidents = ['access/residents.test.ts'];

/** Mistakes in what is remembered so that it need not be read again: where streams end, histories, keys, residents. */
export const mutantsOfRemembering: readonly Mutant[] = [
  {
    id: 'version-not-looked-at',
    what: 'where streams end is remembered although somebody else has written',
    file: known,
    from: 'if (now !== seen) streams.clear();',
    to: 'if (seen === undefined) streams.clear();',
    tests: ofStreams,
  },
  {
    id: 'streams-without-bound',
    what: 'every stream that ever was is remembered',
    file: known,
    from: 'if (streams.size >= mostKnown) streams.clear();',
    to: 'void mostKnown;',
    tests: ofStreams,
  },
  {
    id: 'version-not-looked-at-in-transaction',
    what: 'a transaction does not look whether somebody else has written',
    file: appending,
    from: 'begun: streams.look,',
    to: 'begun: () => undefined,',
    tests: ['eventStore/sqliteProcesses.test.ts'],
  },
  {
    id: 'version-not-looked-at-in-turn',
    what: 'a decision does not look whether somebody else has written',
    file: appending,
    from: 'const looking = oncePerTurn(streams.look);',
    to: 'const looking = oncePerTurn(() => undefined);',
    tests: ofHistories,
  },
  {
    id: 'history-taken-for-newest',
    what: 'a history that was read once is taken for the newest for ever',
    file: histories,
    from: 'if (events.knownHead?.(stream) === known.revision)',
    to: 'if (known.revision >= 0 && events.knownHead !== undefined)',
    tests: ofHistories,
  },
  {
    id: 'history-with-a-gap',
    what: 'a history goes on with events that do not follow those it knows',
    file: histories,
    from: 'if (first?.revision !== known.revision + 1) return;',
    to: 'if (first === undefined) return;',
    tests: ofHistories,
  },
  {
    id: 'histories-without-bound',
    what: 'every history that was ever folded is remembered',
    file: histories,
    from: 'if (values.size > mostRemembered && oldest !== undefined)',
    to: 'if (values.size > mostRemembered && oldest === undefined)',
    tests: ofHistories,
  },
  {
    id: 'turn-outlives-commit',
    what: 'what another library of this process has committed is seen a turn later',
    file: 'eventStore/sqlite.ts',
    from: 'endTurn();\n    prepared.committed();',
    to: 'void endTurn;\n    prepared.committed();',
    tests: ofTurns,
  },
  {
    id: 'turn-without-end',
    what: 'a turn lasts until this process writes',
    file: turns,
    from: 'isEnding = false;\n      endTurn();',
    to: 'isEnding = false;',
    tests: ofTurns,
  },
  {
    id: 'found-once-for-ever',
    what: 'what is to be found out in each turn is found out once',
    file: turns,
    from: 'if (known?.turn !== now) known',
    to: 'known ??= { turn: now, found: find() };\n    if (now < 0) known',
    tests: ofTurns,
  },
  {
    id: 'keys-outlive-their-file',
    what: 'a key that another process has destroyed can still be used',
    file: opened,
    from: 'if (now !== version) keys.clear();',
    to: 'if (now === undefined) keys.clear();',
    tests: ofOpened,
  },
  {
    id: 'key-not-forgotten',
    what: 'a key that was to be forgotten can still be used',
    file: opened,
    from: 'forget: (id) => void keys.delete(id)',
    to: 'forget: (id) => void id',
    tests: ofOpened,
  },
  {
    id: 'keys-not-cleared',
    what: 'keys that were all to be forgotten can still be used',
    file: opened,
    from: 'clear: () => keys.clear()',
    to: 'clear: () => undefined',
    tests: ofOpened,
  },
  {
    id: 'keys-without-bound',
    what: 'every key that was ever opened stays open',
    file: opened,
    from: 'if (oldest !== undefined && keys.size > most) keys.delete(oldest);',
    to: 'void [oldest, most];',
    tests: ofOpened,
  },
  {
    id: 'key-file-not-looked-at',
    what: 'a key file is not looked at for what others have destroyed',
    file: 'privacy/sqliteKeys.ts',
    from: 'oncePerTurn(() => dataVersion.get()),',
    to: 'oncePerTurn(() => typeof dataVersion),',
    tests: ofKeys,
  },
  {
    id: 'destroyed-key-still-open',
    what: 'a key can still be used where it was destroyed',
    file: 'privacy/sqliteKeyErasure.ts',
    from: 'opened.clear();\n      endTurn();',
    to: 'endTurn();',
    tests: ofKeys,
  },
  {
    id: 'destroyed-key-open-for-a-turn',
    what: 'a key that one library of a process has destroyed can be used in another until the turn ends',
    file: 'privacy/sqliteKeyErasure.ts',
    from: 'opened.clear();\n      endTurn();',
    to: 'void endTurn;\n      opened.clear();',
    tests: ofKeys,
  },
  {
    id: 'anybody-is-the-resident',
    what: 'whoever asks second is taken for the resident',
    file: residents,
    from: 'return E.right(known === hashOf(personalNumber));',
    to: 'return E.right(true);',
    tests: ofResidents,
  },
  {
    id: 'resident-remembered-in-clear',
    what: 'the personal numbers of residents stay in the memory of the process',
    file: residents,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template.
    from: "hash('sha256', `${secret}${number}`, 'base64')",
    to: 'number',
    tests: ofResidents,
  },
  {
    id: 'resident-hashed-without-key',
    what: 'the personal numbers of residents are remembered by a hash that anybody can try out',
    file: residents,
    from: "const secret = randomBytes(32).toString('hex');",
    to: "const secret = randomBytes(0).toString('hex');",
    tests: ofResidents,
  },
  {
    id: 'residents-without-bound',
    what: 'the residents of all programs that ever were are remembered',
    file: residents,
    from: 'if (remembered.size >= mostRemembered) remembered.clear();',
    to: 'void mostRemembered;',
    tests: ofResidents,
  },
];
