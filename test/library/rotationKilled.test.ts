import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { aReadyUnit, publishTemplates, start, tobak, uuid, write } from './given.ts';
import { at, disa, majken, maternity, resident, tolvan } from './people.ts';
import { masterKey, monday, openIn, prepared, rightOf, type World } from './world.ts';

const seed = Number(process.env.FOLJA_SEED ?? 1177);
const kills = process.env.FOLJA_KILLS === 'all' ? 40 : 4;
const persons = [tolvan, disa, majken];
const programs = persons.map((_, number) => uuid(500 + number));
const old = { id: 'master', key: masterKey };
const next = { id: 'next', key: new Uint8Array(32).fill(5) };

/** Programs of three residents, and keys enough that wrapping them anew takes more than a moment. */
const aRegionWithKeys = prepared(async (world) => {
  await publishTemplates(world);
  await aReadyUnit(world, maternity);
  for (const [number, person] of persons.entries()) {
    const programId = await start(world, tobak, person, { programId: programs[number] ?? '' });
    await write(world, programId, uuid(600 + number), person);
  }
  for (let taken = 0; taken < 2_000; taken += 1) rightOf(await world.engine.keys.take()(), 'a spare key');
});

/** Rotates in a process of its own, and kills it some milliseconds after it has begun; what it said until then. */
const killed = async (
  directory: string,
  after: number,
): Promise<{ readonly signal: unknown; readonly said: string }> => {
  const hex = (key: Uint8Array): string => Buffer.from(key).toString('hex');
  const given = { path: join(directory, 'unit.db'), key: hex(old.key), next: hex(next.key), at: monday };
  const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const program = join(import.meta.dirname, 'rotatingProcess.ts');
  const child = spawn(process.execPath, ['--no-warnings', program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    if (said === '') setTimeout(() => child.kill('SIGKILL'), after);
    said += text.toString();
  });
  const [, signal] = await once(child, 'close');
  return { signal, said };
};

/** Every message is read, and every resident finds the own program: nothing is lost, and nothing is shown as erased. */
const expectWhole = async ({ sees, engine }: World): Promise<void> => {
  for (const [number, person] of persons.entries()) {
    const query = { view: 'conversation', programId: programs[number], conversationId: uuid(600 + number) };
    expect((await sees(query, at(maternity, 'b'))).rows.map(({ body }) => body)).toEqual(['Hur gör jag?']);
    const own = await sees({ view: 'my-programs' }, resident(person));
    expect(own.rows.map(({ programId }) => programId)).toEqual([programs[number]]);
  }
  expect(
    rightOf(await engine.events.staleTags(rightOf(await engine.keys.named('index')(), 'the index key'), 9)(), 'tags'),
  ).toEqual([]);
};

describe(`a process that is killed while it changes the master key, of seed ${seed}`, () => {
  test('P13 P2 loses nothing, and whoever opens the store with both keys goes on', async () => {
    let begun = 0;
    const halfway = new Set<number>();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 160 }), async (after) => {
        const { directory, close } = await aRegionWithKeys('in SQLite');
        await close();
        const { signal, said } = await killed(directory, after);
        if (signal === 'SIGKILL' && !said.includes('done')) begun += 1;
        const world = await openIn(directory, { masterKey: { current: old, previous: [next] } });
        halfway.add(rightOf(await world.engine.keys.epochs()(), 'epochs').find(({ id }) => id === 'next')?.keys ?? 0);
        await expectWhole(world);
        await world.folja.rotateMasterKey(next);
        expect(rightOf(await world.engine.keys.epochs()(), 'epochs')).toMatchObject([{ id: 'next', current: true }]);
        await expectWhole(world);
        await world.close();
        await expect(openIn(directory, { masterKey: old.key })).rejects.toThrow('master key');
        const last = await openIn(directory, { masterKey: { current: next } });
        await expectWhole(last);
        await last.close();
      }),
      { seed, numRuns: kills, endOnFailure: true },
    );
    console.info(
      `${begun} of ${kills} were killed before they were done, with these many keys wrapped anew: ${[...halfway]}`,
    );
    expect(begun).toBeGreaterThan(0);
  }, 600_000);
});
