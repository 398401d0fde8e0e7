import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { aReadyUnit, end, publishTemplates, start, tobak, uuid, write } from './given.ts';
import { at, disa, majken, maternity, tolvan } from './people.ts';
import { masterKey, monday, openIn, prepared, rightOf, type World } from './world.ts';

const seed = Number(process.env.FOLJA_SEED ?? 1177);
const isAll = process.env.FOLJA_KILLS === 'all';
const persons = [tolvan, disa, majken];

/** Every place between two steps of the machine at which a process can die, in their order. */
const places = [
  ...['events.append', 'keys.destroy', 'events.moveErasure keys-destroyed', 'events.moveErasure stores-cleaned'],
  ...['events.eraseFlesh', 'events.moveErasure flesh-deleted', 'events.scrub', 'events.moveErasure truncated'],
  ...['events.remnants', 'keys.remnants', 'events.moveErasure verified', 'events.finishErasure'],
];

/** Some of them, by the seed; all where asked. */
const chosen = isAll ? places : places.filter((_, place) => (place + seed) % 6 === 0);

const programs = persons.map((_, number) => uuid(500 + number));

/** The region, and a program of each person that has ended. */
const anEndedRegion = prepared(async (world) => {
  await publishTemplates(world);
  await aReadyUnit(world, maternity);
  for (const [number, person] of persons.entries()) {
    const programId = await start(world, tobak, person, { programId: programs[number] ?? '' });
    await write(world, programId, uuid(600 + number), person);
    await end(world, programId);
  }
});

/** Purges in a process of its own, and kills it when it says that it has stopped, or after a while. */
const killed = async (directory: string, { stop = '', after }: { readonly stop?: string; readonly after?: number }) => {
  const given = {
    path: join(directory, 'unit.db'),
    key: Buffer.from(masterKey).toString('hex'),
    programs: JSON.stringify(programs),
    actor: JSON.stringify(at(maternity, 'da')),
    ...{ stop, at: monday },
  };
  const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const program = join(import.meta.dirname, 'purgingProcess.ts');
  const child = spawn(process.execPath, ['--no-warnings', program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (text: Buffer) => {
    if (printed === '' && after !== undefined) setTimeout(() => child.kill('SIGKILL'), after);
    printed += text.toString();
    if (printed.includes('stopped')) child.kill('SIGKILL');
  });
  const [code, signal] = await once(child, 'close');
  return { signal, code, told: printed.split('\n').filter((line) => line.includes('"erased"')).length };
};

/** The library on what a killed process has left: whatever was begun is done, and nothing of it is anywhere. */
const expectFinished = async (directory: string): Promise<number> => {
  const world: World = await openIn(directory);
  const { engine, events } = world;
  expect(rightOf(await engine.events.pendingErasures()(), 'reading')).toEqual([]);
  const certified = (await events()).filter(({ type }) => type === 'erasure-certified');
  let purged = 0;
  for (const programId of programs) {
    const stream = await events(`program-${programId}`);
    if (stream.at(-1)?.type !== 'purged') continue;
    purged += 1;
    const { keyId } = { keyId: '', ...(stream[0]?.data as object) };
    expect(await engine.keys.open(keyId)()).toMatchObject({ left: { kind: 'erased' } });
    const needle = Buffer.from(`01${keyId}`, 'hex');
    const files = readdirSync(directory).filter((name) => name.startsWith('unit.db'));
    expect(files.filter((name) => readFileSync(join(directory, name)).includes(needle))).toEqual([]);
    const entries = certified.filter(({ data }) => JSON.stringify(data).includes(programId));
    expect(entries).toHaveLength(1);
    expect(engine.anchors.ledger().filter((entry) => entry.keyId === keyId)).toHaveLength(1);
  }
  await world.close();
  return purged;
};

/** The erasures that a process has left, as its file has them: it is the next open that finishes them. */
const pendingIn = (directory: string): unknown => {
  const db = new Sqlite(join(directory, 'unit.db'));
  const pending = db.prepare('SELECT count(*) FROM erasures').pluck().get();
  db.close();
  return pending;
};

/** The files of the region, which nobody has open. */
const aCopy = async (): Promise<string> => {
  const { directory, close } = await anEndedRegion('in SQLite');
  await close();
  return directory;
};

describe(`a process that is killed while it purges, of seed ${seed}`, () => {
  test.each(chosen)('P12 R240 R242 right after %s leaves a purge that the next open finishes', async (stop) => {
    const directory = await aCopy();
    const { signal, told } = await killed(directory, { stop });
    expect({ signal, told }).toEqual({ signal: 'SIGKILL', told: 0 });
    expect(pendingIn(directory)).toBe(stop === 'events.finishErasure' ? 0 : 1);
    expect(await expectFinished(directory)).toBe(1);
  });

  test('P12 P2 at any moment leaves purges that the next open finishes, and forgets none that was told', async () => {
    const directory = await aCopy();
    const moments = Array.from({ length: isAll ? 30 : 2 }, (_, kill) => (seed * 31 + kill * 17) % 60);
    let known = 0;
    const signals: unknown[] = [];
    for (const after of moments) {
      const { told, signal } = await killed(directory, { after });
      signals.push(signal);
      const purged = await expectFinished(directory);
      expect(purged).toBeGreaterThanOrEqual(Math.max(known, told));
      known = purged;
    }
    expect(signals).toContain('SIGKILL');
  }, 600_000);
});
