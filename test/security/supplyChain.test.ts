import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { everyNode, sourceOf, sources } from './sources.ts';

const root = join(import.meta.dirname, '../..');
type Json = Readonly<Record<string, unknown>>;
const readJson = <A = Json>(path: string): A => JSON.parse(readFileSync(join(root, path), 'utf8')) as A;

type Locked = {
  readonly version?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
};
const lock = readJson<{ readonly packages: Readonly<Record<string, Locked>> }>('package-lock.json').packages;
const manifest = readJson<{ readonly [name: string]: Readonly<Record<string, string>> }>('package.json');
const locked = Object.entries(lock).filter(([path, { link }]) => path !== '' && link !== true);
const builtIn = locked.filter(([, { dev }]) => dev !== true);

/** Licenses under which something may be built in: they ask for no more than to be named. */
const allowed = [
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  '(MIT OR WTFPL)',
  '(BSD-2-Clause OR MIT OR Apache-2.0)',
  '(MIT OR CC0-1.0)',
  'Unlicense',
  '(BSD-3-Clause AND Apache-2.0)',
  'Python-2.0',
  'CC0-1.0',
];

const licenseOf = ([path, { license }]: (typeof locked)[number]): string => {
  const file = join(path, 'package.json');
  return license ?? (existsSync(join(root, file)) ? String(readJson(file).license) : 'none');
};

/** Packages whose license is not one of those. */
const unlicensed = (packages: typeof locked): readonly string[] =>
  packages.filter((one) => !allowed.includes(licenseOf(one))).map((one) => `${one[0]}: ${licenseOf(one)}`);

/** Calls that make code of texts, and starts of other processes. */
const dangerous =
  /^(?:eval|Function|execFile|execFileSync|exec|execSync|spawn|spawnSync|fork|runInContext|runInNewContext|runInThisContext)$/;
const dangerousIn = (source: ReturnType<typeof sourceOf>): readonly string[] =>
  everyNode(source, (node) =>
    (ts.isCallExpression(node) || ts.isNewExpression(node)) &&
    ts.isIdentifier(node.expression) &&
    dangerous.test(node.expression.text)
      ? [`${source.name}: ${node.expression.text}`]
      : [],
  );
const importsOf = (source: ReturnType<typeof sourceOf>): readonly string[] =>
  everyNode(source, (node) =>
    ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier) ? [node.moduleSpecifier.text] : [],
  );

describe('what is built in', () => {
  test('has every package pinned with its digest', () => {
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );
    expect(loose).toEqual([]);
    expect(locked.length).toBeGreaterThan(100);
    expect(
      locked.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '')).map(([path]) => path),
    ).toEqual([]);
  });

  test('has licenses that ask for no more than to be named', () => {
    expect(builtIn.length).toBeGreaterThan(9);
    expect(unlicensed(builtIn)).toEqual([]);
    expect(
      unlicensed([
        ['node_modules/x', { license: 'AGPL-3.0-only' }],
        ['node_modules/y', {}],
      ]),
    ).toHaveLength(2);
  });

  test('has a bill of materials that names every package', () => {
    const given = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
    const text = execFileSync('npm', given, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 2 ** 26,
    });
    const { components } = JSON.parse(text) as {
      readonly components: readonly { readonly name: string; readonly version: string }[];
    };
    const named = new Set(components.map(({ name }) => name));
    expect(Object.keys(manifest.dependencies ?? {}).filter((name) => !named.has(name))).toEqual([]);
    for (const { version } of components) expect(version).toMatch(/^\d+\.\d+\.\d+/);
  });

  test('runs no script when it is installed', () => {
    const hooks = [
      'preinstall',
      'install',
      'postinstall',
      'prepare',
      'prepublish',
      'prepublishOnly',
      'prepack',
      'postpack',
    ];
    expect(hooks.filter((hook) => Object.hasOwn(manifest.scripts ?? {}, hook))).toEqual([]);
    const scripted = builtIn.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path);
    expect(
      scripted.filter((path) => !['node_modules/better-sqlite3', 'node_modules/protobufjs'].includes(path)),
    ).toEqual([]);
    expect(Object.keys(manifest.files ?? {}).length).toBeLessThan(4);
  });
});

describe('the code of the library', () => {
  const all = sources();

  test('makes no code of texts, and starts no process', () => {
    expect(all.filter(({ name }) => !name.startsWith('src/compliance')).flatMap(dangerousIn)).toEqual([]);
    expect(dangerousIn(sourceOf('a.ts', "eval('1'); new Function('a'); spawn('ls');"))).toHaveLength(3);
  });

  test('takes cryptography from Node.js alone', () => {
    const packages = new Set(
      all.flatMap(importsOf).filter((name) => !name.startsWith('.') && !name.startsWith('node:')),
    );
    const known = [
      '@eventstore/db-client',
      '@grpc/grpc-js',
      'better-sqlite3',
      'canonicalize',
      'cli-table3',
      'commander',
      'fast-check',
      'personnummer',
      'temporal-polyfill',
      'uuid',
      'zod',
    ];
    const others = [...packages].filter(
      (name) => !name.startsWith('fp-ts/lib/') && !known.includes(name) && !name.startsWith('@eventstore/'),
    );
    expect(others).toEqual([]);
    const users = all
      .filter((source) => importsOf(source).includes('node:crypto'))
      .map(({ name }) => name.split('/')[1]);
    const floors = [
      'access',
      'audit',
      'cli',
      'commands',
      'compliance',
      'domain',
      'eventStore',
      'operations',
      'privacy',
      'verifier.ts',
    ];
    expect([...new Set(users)].filter((floor) => !floors.includes(floor ?? ''))).toEqual([]);
  });
});
