import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { type Folja, openFolja } from '../src/index.ts';
import { sqliteStore } from '../src/sqlite.ts';
import { aLife, benchKey, commandsOfLife } from './lives.ts';
import { type Call, callsOfLife, callsOfUnit, sendOne } from './model.ts';
import { sampled } from './profile/sampling.ts';
import { byStage } from './profile/stages.ts';

const help = `Tells where the microseconds of one command go: alone, and with 64 others in flight.

  npm run bench:profile                  200 programs of ${commandsOfLife} commands in each way
  npm run bench:profile -- --programs 50 fewer`;

const { values } = parseArgs({
  options: { programs: { type: 'string', default: '200' }, help: { type: 'boolean', default: false } },
});
const programs = Number(values.programs);

/** Less than this is one line together. */
const least = 1;

type Lives = (readonly Call[])[];

const livesFrom = (seed: number): Lives =>
  Array.from({ length: programs }, (_, index) => callsOfLife(aLife(seed + index)));

const live = async (folja: Folja, lives: Lives, atOnce: number): Promise<void> => {
  const one = async (): Promise<void> => {
    for (let calls = lives.pop(); calls !== undefined; calls = lives.pop())
      for (const call of calls) await sendOne(folja, call);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
};

const measure = async (folja: Folja, seed: number, atOnce: number) => {
  const [first, second] = [livesFrom(seed), livesFrom(seed + programs)];
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  await live(folja, first, atOnce);
  const { user, system } = process.cpuUsage(cpu);
  const count = programs * commandsOfLife;
  const bare = { wall: ((performance.now() - began) * 1_000) / count, cpu: (user + system) / count };
  const samples = await sampled(() => live(folja, second, atOnce));
  return { ...bare, stages: byStage(samples, count) };
};

type Measured = Awaited<ReturnType<typeof measure>>;

const tableOf = (alone: Measured, together: Measured): string => {
  const table = new Table({ head: ['µs of one command', 'alone', '64 in flight'], style: { head: [], border: [] } });
  const [one, other] = [new Map(alone.stages), new Map(together.stages)];
  const names = [...new Set([...one.keys(), ...other.keys()])];
  const most = (name: string): number => Math.max(one.get(name) ?? 0, other.get(name) ?? 0);
  const shown = names.filter((name) => most(name) >= least).sort((a, b) => (other.get(b) ?? 0) - (other.get(a) ?? 0));
  const rest = (of: ReadonlyMap<string, number>): number =>
    names.filter((name) => most(name) < least).reduce((sum, name) => sum + (of.get(name) ?? 0), 0);
  const sum = (of: ReadonlyMap<string, number>): number => [...of.values()].reduce((total, each) => total + each, 0);
  const row = (name: string, a: number, b: number): void => void table.push([name, a.toFixed(1), b.toFixed(1)]);
  for (const name of shown) row(name, one.get(name) ?? 0, other.get(name) ?? 0);
  row('everything else', rest(one), rest(other));
  row('together, while samples are taken', sum(one), sum(other));
  row('wall time without that', alone.wall, together.wall);
  row('CPU without that', alone.cpu, together.cpu);
  return table.toString();
};

const main = async (): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'folja-profile-'));
  try {
    const folja = await openFolja({ store: sqliteStore({ path: join(directory, 'unit.db') }), masterKey: benchKey });
    for (const call of callsOfUnit) await sendOne(folja, call);
    await live(folja, livesFrom(1_000_000), 64);
    const alone = await measure(folja, 2_000_000, 1);
    const together = await measure(folja, 3_000_000, 64);
    await folja.close();
    console.log(tableOf(alone, together));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

if (values.help) console.log(help);
else await main();
