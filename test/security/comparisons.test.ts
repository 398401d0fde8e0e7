import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { everyNode, methodOf, type Source, sourceOf, sources, textOf } from './sources.ts';

/** What names of secrets, and of what proves that somebody knows one, look like. */
const secret =
  /(?:^|\.)(?:\w*[a-z])?(?:tag|Tag|mac|Mac|hmac|Hmac|mark|Mark|proof|Proof|secret|Secret|masterKey|fingerprint|person|wrapped)s?(?:\.right|\.value)?$/;

const isSecret = (node: ts.Node): boolean => secret.test(node.getText());
const isNothing = (node: ts.Node): boolean => /^(?:undefined|null|true|false|'[^']*'|0|-1)$/.test(node.getText());

const equalities: readonly ts.SyntaxKind[] = [
  ...[ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken],
  ...[ts.SyntaxKind.EqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsToken],
];

/** Comparisons whose time tells how much of two secrets is the same: `file: comparison`. */
const leakyIn = (source: Source): readonly string[] =>
  everyNode(source, (node) => {
    if (ts.isBinaryExpression(node) && equalities.includes(node.operatorToken.kind)) {
      const isLeaky = [node.left, node.right].some(isSecret) && ![node.left, node.right].some(isNothing);
      return isLeaky ? [`${source.name}: ${textOf(node)}`] : [];
    }
    const method = methodOf(node);
    if (!ts.isCallExpression(node) || (method !== 'equals' && method !== 'compare')) return [];
    return [`${source.name}: ${textOf(node)}`];
  });

const all = [...['src/privacy', 'src/audit', 'src/commands', 'src/access', 'src/eventStore'].flatMap(sources)];

/** Comparisons that are no matter of time, each with why. */
const harmless: Readonly<Record<string, string>> = {
  'src/audit/merkle.ts: Buffer.compare(one, other)': 'hashes of the tree, which anybody may have',
  'src/eventStore/inMemoryTables.ts: Buffer.compare(bytes, others)':
    'a row of the store for tests, found by its bytes as SQLite finds it by its index',
  'src/eventStore/remnants.ts: readAt(file, headerBytes, 0).equals(header)': 'the header of a write-ahead log',
  'src/eventStore/remnants.ts: salts.equals(saltsOf(frame, saltsAt.frame))':
    'salts of a write-ahead log, which are no secret',
  'src/privacy/clusterKeysEpochs.ts: given.equals(key)': 'KeyObject.equals, which Node.js does with CRYPTO_memcmp',
  'src/privacy/inMemoryKeys.ts: memory.masters.byId.get(next.id)?.equals(next.key)':
    'KeyObject.equals, which Node.js does with CRYPTO_memcmp',
  'src/privacy/sqliteKeyFile.ts: given.equals(key)': 'KeyObject.equals, which Node.js does with CRYPTO_memcmp',
};

describe('secrets that are compared', () => {
  test('11.2.4 are compared in a time that says nothing of them, but for what is listed with its reason', () => {
    expect(all.flatMap(leakyIn).toSorted()).toEqual(Object.keys(harmless).toSorted());
    for (const reason of Object.values(harmless)) expect(reason.length).toBeGreaterThan(20);
  });

  test('11.2.4 are compared by the function of Node.js that is made for it', () => {
    const timed = all.filter(
      (source) =>
        everyNode(source, (node) =>
          ts.isCallExpression(node) && node.expression.getText() === 'timingSafeEqual' ? [1] : [],
        ).length > 0,
    );
    expect(timed.map(({ name }) => name)).toEqual(['src/commands/repeats.ts']);
  });

  test('would be found if they were compared in another way (control)', () => {
    const bad = `if (tag === other.tag) x(); Buffer.compare(a, b); one.mark !== two; storedMac == given; a.equals(b); const ok = mark === undefined;`;
    expect(leakyIn(sourceOf('bad.ts', bad))).toHaveLength(5);
  });
});
