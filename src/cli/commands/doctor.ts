import type { Command } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import { readPolicy } from '../../foljaOptions.ts';
import { registeredFor } from '../../projections/register.ts';
import { anchorFindings } from '../doctor/anchors.ts';
import { fileFindings } from '../doctor/files.ts';
import { type Finding, findingsAbout } from '../doctor/finding.ts';
import { keyFindings } from '../doctor/keys.ts';
import { purgeFindings, retentionFindings } from '../doctor/log.ts';
import { clusterKeyFindings, nodeFindings } from '../doctor/node.ts';
import { jsonOf, linesOf } from '../formats.ts';
import { beside, type Looked, lookingAt } from '../looking.ts';
import { readPolicyFile } from '../opening.ts';
import { type CliCommand, type StoreOptions, withStore } from '../options.ts';
import { stoppedOf } from '../stopping.ts';
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts';
import { version } from '../version.ts';

type Options = StoreOptions & { readonly policy?: string; readonly json?: boolean };

const versionFindings = ({ db }: Looked): readonly Finding[] => {
  const found = findingsAbout('versions');
  return [
    found('folja', version),
    found('node', process.versions.node),
    found('sqlite', db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? ''),
  ];
};

const storeFindings = ({ db, storeId }: Looked, length: number): readonly Finding[] => {
  const { file, tables } = registeredFor(db);
  const found = findingsAbout(file);
  return [
    ...fileFindings(file, db, { journalMode: 'wal', synchronous: 'full' }, tables),
    found('id', storeId),
    found('events', length),
  ];
};

/** What cannot be looked at is a finding too, and stops no other. */
const attempted = async (about: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> => {
  try {
    return await look();
  } catch (error) {
    return [findingsAbout(about)('state', 'unknown', stoppedOf(error).sentence)];
  }
};

const examine = async (
  looked: Looked,
  options: Options,
  policyText: object,
  now: Date,
): Promise<readonly Finding[]> => {
  const { store, keys = beside(store, 'keys'), anchors = beside(store, 'anchors') } = options;
  const policy = readPolicy(policyText);
  const length = E.getOrElse(() => 0)(await looked.events.lastPosition()());
  const looks: readonly (readonly [string, () => Promise<readonly Finding[]>])[] = [
    ['versions', async () => versionFindings(looked)],
    [registeredFor(looked.db).file, async () => storeFindings(looked, length)],
    ...(looked.isNode
      ? ([
          ['node', () => nodeFindings(looked)],
          ['keys', async () => clusterKeyFindings(looked)],
        ] as const)
      : ([['key file', () => keyFindings(keys, looked.storeId)]] as const)),
    ['anchors', async () => anchorFindings(anchors, length, now)],
    ['purges', () => purgeFindings(looked, now)],
    ['retention of the log', async () => retentionFindings(looked.db, policy, now)],
  ];
  const findings: Finding[] = [];
  for (const [about, look] of looks) findings.push(...(await attempted(about, look)));
  return findings;
};

const written = (findings: readonly Finding[]): string => {
  const titles = [...new Set(findings.map(({ about }) => about))];
  const sections = titles.map((title) => {
    const pairs = findings
      .filter(({ about }) => about === title)
      .map(({ name, value }) => [name, String(value)] as const);
    return `${title}\n${linesOf(pairs).replace(/^/gm, '  ').trimEnd()}\n`;
  });
  const problems = findings.flatMap(({ about, problem }) => (problem === undefined ? [] : [`! ${about}: ${problem}`]));
  return [...sections, problems.join('\n') || 'Nothing is wrong.'].join('\n').concat('\n');
};

const run = async (terminal: Terminal, options: Options): Promise<ExitCode> => {
  const policy = await readPolicyFile(terminal, options.policy);
  const findings = await lookingAt(options, (looked) => examine(looked, options, policy, terminal.now()));
  const isWell = findings.every(({ problem }) => problem === undefined);
  terminal.out(options.json === true ? jsonOf({ ok: isWell, findings }) : written(findings));
  return isWell ? exitCodes.done : exitCodes.problems;
};

const declare = (command: Command): Command =>
  withStore(
    command
      .option('--policy <file>', "the region's policy, as JSON; it says how long the log is kept")
      .option('--json', 'as JSON'),
  );

/** Looks whether a store is in good health: settings, files, purges, anchors, master keys, retention. It takes no key. */
export const doctor: CliCommand = {
  name: 'doctor',
  summary: 'whether the store is in good health: settings, files, purges, anchors, master keys, retention',
  declare,
  run,
};
