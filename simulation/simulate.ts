import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { openFolja } from 'folja';
import { sqliteStore } from 'folja/sqlite';
import { progressOn } from '../scripts/progress.ts';
import { aDay, agendaFrom } from './agenda.ts';
import { callingWith } from './calling.ts';
import { checkAll, type Finding } from './checks.ts';
import { aHistory, type Event } from './history.ts';
import { help, type Options, readOptions } from './options.ts';
import { seeded } from './random.ts';
import { aYear } from './year.ts';

/** A winter morning, so that the year has both changes of the clock. */
const beginning = Date.parse('2026-01-01T00:00:00Z');

const plain = { style: { head: [], border: [], compact: true } };
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string => {
  const made = new Table({ ...plain, head: [...head] });
  made.push(...rows.map((row) => row.map(String)));
  return made.toString();
};

const counted = (counts: ReadonlyMap<string, number>) => [...counts].toSorted(([, one], [, other]) => other - one);

const megabytes = (folder: string): string => {
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
};

const failing = 0.05;

/** Waits until the subscriber has seen the whole log. */
const settled = async (position: () => number): Promise<void> => {
  let before = -1;
  while (before !== position()) {
    before = position();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
};

const simulate = async (options: Options, folder: string): Promise<readonly Finding[]> => {
  const random = seeded(options.seed);
  const lucky = seeded(options.seed + 1);
  const agenda = agendaFrom(beginning);
  const sent = new Map<string, number>();
  const folja = await openFolja({
    store: sqliteStore({ path: join(folder, 'region.db') }),
    masterKey: randomBytes(32),
    clock: agenda.now,
    deliver: async ({ id, channel }) => {
      if (lucky.happens(failing)) throw new Error('the line is busy');
      sent.set(`${channel} ${id}`, (sent.get(`${channel} ${id}`) ?? 0) + 1);
    },
  });
  const history = aHistory();
  folja.subscribe((event) => history.take(event as Event));
  const calling = callingWith(folja, random);
  const { life, sum, ends } = await aYear({ folja, calling, random, agenda }, options);
  const show = progressOn(process.stderr, 'The year');
  await agenda.liveUntil(ends, (today) =>
    show(
      (today.getTime() - beginning) / aDay,
      options.days,
      `${life.programs.size} programs, ${calling.tally.calls} calls`,
    ),
  );
  show(1, 1, `${life.programs.size} programs, ${calling.tally.calls} calls`);
  await settled(history.last);
  const findings = await checkAll({ life, folja, history, folder }, progressOn(process.stderr, 'Rebuild '));
  const { commands, views, repeated, refusals } = calling.tally;
  const states = [...history.programs.values()].map(({ state }) => state);
  const number = (state: string): number => states.filter((one) => one === state).length;
  console.log(
    table(
      ['The year', ''],
      [
        ...Object.entries({ units: life.units.length, 'programs started': states.length, ongoing: number('ongoing') }),
        ...Object.entries({
          ended: number('ended'),
          purged: number('purged'),
          commands,
          views,
          'sent again': repeated,
        }),
        ...Object.entries({ events: history.last(), ...sum(), files: megabytes(folder) }),
      ],
    ),
  );
  console.log(table(['Events', ''], counted(history.counts)));
  console.log(table(['Refusals', ''], counted(refusals)));
  await folja.close();
  return findings;
};

const report = (findings: readonly Finding[]): boolean => {
  console.log(
    table(
      ['What must hold', 'looked at', ''],
      findings.map(({ name, looked, wrong }) => [name, looked, wrong.length === 0 ? 'holds' : 'DOES NOT HOLD']),
    ),
  );
  for (const { name, wrong } of findings) for (const one of wrong) console.log(`  ${name}: ${one}`);
  return findings.every(({ wrong }) => wrong.length === 0);
};

const main = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (typeof options === 'string') {
    console.error(options);
    return 2;
  }
  if (options.help) {
    console.log(help);
    return 0;
  }
  console.log(`A year of ${options.units} units and ${options.programs} programs. Seed ${options.seed}.`);
  const folder = mkdtempSync(join(tmpdir(), 'folja-simulation-'));
  try {
    return report(await simulate(options, folder)) ? 0 : 1;
  } finally {
    if (options.keep) console.log(`The files are in ${folder}.`);
    else rmSync(folder, { recursive: true });
  }
};

process.exitCode = await main();
