import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import ts from 'typescript';
import { describe, expect, test, vi } from 'vitest';
import { everyTextWith, lifeOf, lifesProgram, live } from '../library/life.ts';
import { at, auditor, maternity } from '../library/people.ts';
import { viewActs } from '../library/permissions/acts.ts';
import { aWorld } from '../library/world.ts';
import { everyNode, methodOf, type Source, sourceOf, sources, textOf } from './sources.ts';

/** Where a statement goes to SQLite: methods of a connection, and the three functions of the read models. */
const methods = ['prepare', 'exec', 'pragma'];
const functions: Readonly<Record<string, number>> = { run: 1, insert: 1, all: 1, one: 1, statement: 1, simple: 1 };

const statementIn = (node: ts.Node): ts.Expression | undefined => {
  if (!ts.isCallExpression(node)) return undefined;
  if (methods.includes(methodOf(node) ?? '')) return node.arguments[0];
  const { expression } = node;
  return ts.isIdentifier(expression) ? node.arguments[functions[expression.text] ?? -1] : undefined;
};

/** Texts that a file gives a name to, those that it imports among them; a name that stands for several things stands for none. */
type Constants = ReadonlyMap<string, ts.Expression | { readonly file: string; readonly name: string }>;

const constantsIn = (source: Source): Constants => {
  const named = everyNode(source, (node): readonly (readonly [string, ReturnType<Constants['get']>])[] => {
    if (ts.isParameter(node) || ts.isBindingElement(node)) return [[node.name.getText(), undefined]];
    if (ts.isVariableDeclaration(node)) return [[node.name.getText(), node.initializer]];
    if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return [];
    const [file, bindings] = [join(dirname(source.name), node.moduleSpecifier.text), node.importClause?.namedBindings];
    if (bindings === undefined || !ts.isNamedImports(bindings)) return [];
    return bindings.elements.map((one) => [one.name.text, { file, name: (one.propertyName ?? one.name).getText() }]);
  });
  const counted = Map.groupBy(named, ([name]) => name);
  return new Map(
    named.flatMap(([name, of]) => (of === undefined || counted.get(name)?.length !== 1 ? [] : [[name, of]])),
  );
};

type Library = ReadonlyMap<string, Constants>;
const libraryOf = (files: readonly Source[]): Library => new Map(files.map((file) => [file.name, constantsIn(file)]));

/** True for a text that stands in the code, whole or in pieces, each of them a constant. */
const isConstant = (node: ts.Expression, library: Library, file: string): boolean => {
  const isOne = (inner: ts.Expression): boolean => isConstant(inner, library, file);
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return true;
  if (ts.isTemplateExpression(node)) return node.templateSpans.every(({ expression }) => isOne(expression));
  if (ts.isBinaryExpression(node))
    return node.operatorToken.kind === ts.SyntaxKind.PlusToken && isOne(node.left) && isOne(node.right);
  if (ts.isConditionalExpression(node)) return isOne(node.whenTrue) && isOne(node.whenFalse);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isOne);
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression))
    return (
      ['concat', 'join'].includes(node.expression.name.text) &&
      [node.expression.expression, ...node.arguments].every(isOne)
    );
  if (!ts.isIdentifier(node)) return false;
  const found = library.get(file)?.get(node.text);
  if (found === undefined) return false;
  if (!('file' in found)) return isConstant(found as ts.Expression, library, file);
  const there = library.get(found.file)?.get(found.name);
  return there !== undefined && !('file' in there) && isConstant(there as ts.Expression, library, found.file);
};

/** Patterns and generators are not connections. */
const isOther = (node: ts.Node): boolean =>
  ts.isCallExpression(node) &&
  ts.isPropertyAccessExpression(node.expression) &&
  (/(?:shape|form|Number|\/)$/i.test(node.expression.expression.getText()) ||
    node.expression.expression.kind === ts.SyntaxKind.RegularExpressionLiteral);

/** Statements that are not constant text where they go to SQLite: `file: call`. */
const madeIn = (source: Source, library: Library): readonly string[] =>
  everyNode(source, (node) => {
    const statement = statementIn(node);
    if (statement === undefined || isOther(node) || isConstant(statement, library, source.name)) return [];
    return [`${source.name}: ${textOf((node as ts.CallExpression).expression)}(${textOf(statement)})`];
  });

const all = sources().filter(({ name }) => !name.startsWith('src/compliance/'));

/** Calls that are of nothing in SQLite, though they are called like one. */
const others: readonly string[] = [
  'src/cli/main.ts: run(givenTo(given.at(-1) as Command) as never)',
  'src/eventStore/eventStoreDb/driverFollowing.ts: run({ ended: listener.ended, open, take })',
  'src/eventStore/eventStoreDb/driverGroups.ts: run({ ended, open, take })',
  'src/eventStore/eventStoreDb/following.ts: run(subscription)',
  'src/eventStore/eventStoreDb/turns.ts: run(stream)',
];

/** Statements that are made where they are used, by file: how many there are, and what they are made of. */
const exceptions: Readonly<Record<string, readonly [count: number, of: string]>> = {
  'src/eventStore/memoryDatabase.ts': [3, 'the settings of databases aside, lists in the same file'],
  'src/eventStore/sqliteFile.ts': [
    4,
    'the schema of a file, and the two numbers by which it is told; a name of a setting',
  ],
  'src/eventStore/sqliteMigrations.ts': [2, 'the steps from one version of a file to the next, and its number'],
  'src/eventStore/sqliteSettings.ts': [2, 'names and values of settings, a list in the same file'],
  'src/projections/auditComparison.ts': [
    2,
    'the schema of the audit log, and the columns that SQLite itself gives for it',
  ],
  'src/projections/auditExport.ts': [2, 'conditions that are constant texts, one for each filter that is asked for'],
  'src/projections/auditSearch.ts': [1, 'conditions that are constant texts, one for each filter that is asked for'],
  'src/projections/comparing.ts': [1, 'tables of the read models, and the columns that SQLite itself gives for them'],
  'src/projections/duties.ts': [1, 'one of two conditions in the same file, by who holds the programs'],
  'src/projections/indexes.ts': [2, 'indexes of the read models, and their names'],
  'src/projections/notifications/outbox.ts': [1, 'the columns that an older outbox lacks, a list in the same file'],
  'src/projections/programLists.ts': [3, 'one of two conditions in the same file, by who holds the programs'],
  'src/projections/projection.ts': [
    5,
    'the text that run, insert, all and one are given: where they are called it is looked at',
  ],
  'src/projections/rebuilding/building.ts': [1, 'tables of the read models'],
  'src/projections/rebuilding/changes.ts': [
    6,
    'tables of the read models, and the columns that SQLite itself gives for them',
  ],
  'src/projections/rebuilding/copying.ts': [
    6,
    'tables of the read models, and the columns that SQLite itself gives for them',
  ],
  'src/projections/rebuilding/emptying.ts': [2, 'tables that a rebuild has on their way, as SQLite itself lists them'],
  'src/projections/rebuilding/passing.ts': [1, 'tables that a rebuild has on their way, as SQLite itself lists them'],
  'src/projections/rebuilding/swapping.ts': [
    2,
    'schemas of the read models as SQLite itself keeps them, and a number of its own',
  ],
  'src/projections/register.ts': [2, 'tables and columns as the read models register them'],
  'src/projections/runner.ts': [3, 'schemas and tables of the read models'],
};

describe('the statements of the library', () => {
  test('1.2.4 are constant text, but for those that are listed with what they are made of', () => {
    const library = libraryOf(all);
    const made = all.flatMap((one) => madeIn(one, library)).filter((one) => !others.includes(one));
    const counts = Object.groupBy(made, (one) => one.slice(0, one.indexOf(':')));
    const found = Object.entries(counts).map(([file, calls = []]) => [file, calls.length]);
    expect(found).toEqual(Object.entries(exceptions).map(([file, [count]]) => [file, count]));
    for (const [, of] of Object.values(exceptions)) expect(of.length).toBeGreaterThan(20);
  });

  test('would be found if they were made of anything else (control)', () => {
    const text = `
      const columns = 'a, b';
      const statement = \`SELECT \${columns} FROM t\`;
      export const good = (db, id) => [db.prepare(statement).get(id), one(db, 'SELECT '.concat(columns), id)];
      export const bad = (db, id) => [db.prepare(\`SELECT \${id}\`), db.exec('DELETE ' + id), db.pragma(id), all(db, [columns, id].join())];
      export const given = (db, names) => db.prepare(names);
      const later = (x) => { const inner = x; return db.prepare(inner); };`;
    const source = sourceOf('a.ts', text);
    const [, ...calls] = madeIn(source, libraryOf([source]))
      .join('\n')
      .split('a.ts: ');
    expect(calls).toHaveLength(6);
  });
});

/** Everything that is prepared, run or asked while something happens. */
const statementsDuring = async (work: () => Promise<unknown>): Promise<ReadonlySet<string>> => {
  const texts = new Set<string>();
  const watched = methods.map((name) => {
    const method = name as 'prepare';
    const original = Sqlite.prototype[method];
    return vi.spyOn(Sqlite.prototype, method).mockImplementation(function (
      this: Sqlite.Database,
      text: string,
      ...rest
    ) {
      texts.add(text);
      return Reflect.apply(original, this, [text, ...rest]);
    });
  });
  try {
    await work();
  } finally {
    for (const one of watched) one.mockRestore();
  }
  return texts;
};

const injection = "'); DROP TABLE events; --";

/** A whole life, and every view with every filter, all with texts of one's own. */
const livingWith = (word: string) => async (): Promise<void> => {
  const world = await aWorld('in SQLite');
  await live(world, lifeOf(everyTextWith(word)));
  for (const { what, about } of viewActs)
    for (const actor of [at(maternity, 'b'), at(maternity, 'ia'), auditor])
      for (const more of [
        {},
        { search: word },
        { by: word },
        { types: [word] },
        { from: '2026-03-01', to: '2026-03-09' },
      ])
        await world.folja.view({ view: what, ...about(lifesProgram), ...more }, actor);
  await world.folja.rebuild();
  await world.folja.tick();
  await world.close();
};

describe('the statements that SQLite is given', () => {
  test('1.2.4 hold nothing of what comes in, and are the same whatever comes in', async () => {
    const [first, second] = [await statementsDuring(livingWith(injection)), await statementsDuring(livingWith('Hej'))];
    expect(first.size).toBeGreaterThan(100);
    const foreign = [...first].filter((text) => /DROP TABLE events|SE2321000131|19121212|0195d3a0|Tolvan/.test(text));
    expect(foreign).toEqual([]);
    expect([...first].toSorted()).toEqual([...second].toSorted());
  });

  test('would be found if they held any of it (control)', async () => {
    const found = await statementsDuring(async () =>
      new Sqlite(':memory:').prepare(`SELECT '${injection.length}'`).get(),
    );
    expect([...found]).toEqual([`SELECT '${injection.length}'`]);
  });
});
