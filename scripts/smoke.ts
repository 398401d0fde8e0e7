/**
 * Uses the package as a stranger would: packs it, has its manifest and types looked at, installs it in an empty project and runs the
 * README's example there with plain Node.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const longestStep = 10 * 60_000;
const firstSupportedNode = 22;
const attwOptions = ['--profile', 'esm-only', '--no-definitely-typed'];

const execute = promisify(execFile);
const run = async (file: string, args: readonly string[], cwd: string): Promise<string> => {
  const { stdout, stderr } = await execute(file, args, { cwd, timeout: longestStep, maxBuffer: 2 ** 26 });
  return stdout + stderr;
};
const tool = (name: string): string => join(root, 'node_modules', '.bin', name);

const pack = async (folder: string): Promise<string> => {
  await run('npm', ['pack', '--silent', '--pack-destination', folder], root);
  const [tarball] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack made no tarball');
  return join(folder, tarball);
};

const install = async (tarball: string, project: string): Promise<void> => {
  await mkdir(project);
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'stranger', private: true, type: 'module' }));
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], project);
};

const embeddingExample = async (): Promise<string> => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const [, section = ''] = readme.split(/^## Embed it$/m);
  const code = /^```(?:js|ts)\n(.*?)^```$/ms.exec(section.split(/^## /m)[0] ?? '')?.[1];
  if (code === undefined) throw new Error('README.md has no js or ts block under "## Embed it"');
  return code;
};

const runExample = async (project: string): Promise<void> => {
  await writeFile(join(project, 'embed.js'), await embeddingExample());
  await run(process.execPath, ['embed.js'], project);
};

/** What each entry of the package gives besides the one of the README's example. */
const useEntries = `
import { programBundle } from 'folja/fhir';
import { openFolja, inMemoryStore, processingRecord } from 'folja';
import { eventStoreDbStore } from 'folja/eventstoredb';
import { verifyHead, verifyInclusion } from 'folja/verifier';
if (typeof programBundle !== 'function') throw new Error('folja/fhir gives no programBundle');
if (Object.keys(processingRecord.events).length < 50) throw new Error('the record of processing knows too little');
const folja = await openFolja({ store: inMemoryStore(), masterKey: new Uint8Array(32).fill(7) });
const { head, leaves } = await folja.audit.head().then(() => folja.audit.inclusionProof(1));
const isProved = leaves.length === 1 && leaves.every((leaf) => verifyInclusion(leaf, head)) && verifyHead(head, head.publicKey);
if (!isProved) throw new Error('folja/verifier does not hold what the library proves');
await folja.close();
const cluster = eventStoreDbStore({ connection: 'esdb://127.0.0.1:1?tls=false', readModelPath: 'node.db' });
const said = await openFolja({ store: cluster, masterKey: new Uint8Array(32).fill(7) }).then(() => '', ({ message }) => message);
if (!said.includes('npm install @eventstore/db-client')) throw new Error('folja/eventstoredb does not say what it lacks: ' + said);
`;

const runEntries = async (project: string): Promise<void> => {
  await writeFile(join(project, 'entries.js'), useEntries);
  await run(process.execPath, ['entries.js'], project);
};

const makeStore = `
import { openFolja } from 'folja';
import { sqliteStore } from 'folja/sqlite';
const folja = await openFolja({ store: sqliteStore({ path: 'command.db' }), masterKey: new Uint8Array(32).fill(7) });
await folja.close();
`;

/** The command lies where npm puts commands, is marked as one, and looks at a store without a key. */
const runCommand = async (project: string): Promise<void> => {
  await writeFile(join(project, 'store.js'), makeStore);
  await run(process.execPath, ['store.js'], project);
  const folja = join(project, 'node_modules', '.bin', 'folja');
  for (const command of ['verify', 'doctor']) await run(folja, [command, '--store', 'command.db'], project);
  const { code } = await run(folja, ['verify', '--store', 'none.db'], project).then(
    () => ({ code: 0 }),
    (failed: { readonly code: number }) => failed,
  );
  if (code !== 3) throw new Error(`folja verify without a store was to end with 3, and ended with ${code}`);
};

const endOf = (file: string, args: readonly string[], cwd: string): Promise<number> =>
  run(file, args, cwd).then(
    () => 0,
    ({ code }: { readonly code: number }) => code,
  );

/** The compliance properties want fast-check: they say so without it, and run with it. */
const runCompliance = async (project: string): Promise<void> => {
  const folja = join(project, 'node_modules', '.bin', 'folja');
  const few = ['compliance', '--runs', '1', '--steps', '6'];
  const without = await endOf(folja, few, project);
  if (without !== 3)
    throw new Error(`folja compliance without fast-check was to end with 3, and ended with ${without}`);
  const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const fastCheck = `fast-check@${devDependencies['fast-check']}`;
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', fastCheck], project);
  await run(folja, few, project);
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const majorOf = async (node: string): Promise<number> => {
  const version = await run(node, ['--version'], root).catch(() => '');
  return Number(/^v(\d+)\./.exec(version)?.[1] ?? Number.NaN);
};

/** A Node.js of this machine that is older than the library supports. */
const findOldNode = async (): Promise<string | undefined> => {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  for (const folder of [...onPath, '/usr/bin', '/usr/local/bin']) {
    const node = join(folder, 'node');
    if ((await isThere(node)) && (await majorOf(node)) < firstSupportedNode) return node;
  }
  return undefined;
};

const openOnOldNode = `
import { openFolja } from 'folja';
import { sqliteStore } from 'folja/sqlite';
try {
  const masterKey = Buffer.from('${randomBytes(32).toString('hex')}', 'hex');
  await openFolja({ store: sqliteStore({ path: 'old.db' }), masterKey });
  console.log('it opened');
} catch (error) {
  console.log(error.message);
}
`;

/** better-sqlite3 takes an old Node.js down without a word: the library has to speak first. */
const tryOldNode = async (project: string): Promise<string> => {
  const node = await findOldNode();
  if (node === undefined) return `skipped: no Node.js older than ${firstSupportedNode} on this machine`;
  await writeFile(join(project, 'old.js'), openOnOldNode);
  const said = (await run(node, ['old.js'], project)).trim();
  const isOneSentence = !said.includes('\n') && new RegExp(`\\bNode(\\.js)? ${firstSupportedNode}\\b`).test(said);
  if (!isOneSentence) throw new Error(`expected one sentence that names Node.js ${firstSupportedNode}, got: ${said}`);
  return said;
};

const step = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
  const result = await work().catch((cause: unknown) => {
    throw new Error(name, { cause });
  });
  console.log(`ok      ${name}`);
  return result;
};

const smoke = async (folder: string): Promise<void> => {
  const project = join(folder, 'project');
  const tarball = await step('pack the package', () => pack(folder));
  await step('its manifest (publint --strict)', () => run(tool('publint'), ['run', tarball, '--strict'], folder));
  await step('its types (attw)', () => run(tool('attw'), [tarball, ...attwOptions], folder));
  await step('install it in an empty project', () => install(tarball, project));
  await step('run the example of the README', () => runExample(project));
  await step('import its other entries', () => runEntries(project));
  await step('run its command', () => runCommand(project));
  await step('hold its rules, without fast-check and with it', () => runCompliance(project));
  const said = await step('open a store on an old Node.js', () => tryOldNode(project));
  console.log(`        ${said}`);
};

type Failed = {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly signal?: string;
  readonly message?: string;
};

/** What a failed program printed, or else how it ended; or what went wrong before one ran. */
const outputOf = (cause: unknown): string => {
  const { stdout = '', stderr = '', signal, message = String(cause) } = cause as Failed;
  return stdout + stderr || `${message}${signal ? ` (${signal})` : ''}`;
};

const folder = await mkdtemp(join(tmpdir(), 'folja-smoke-'));
try {
  await smoke(folder);
} catch (error) {
  const { message, cause } = error as Error;
  console.error(`FAILED  ${message}\n${outputOf(cause)}`);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
