import { describe, expect, test } from 'vitest';
import { viewNames } from '../../src/projections/viewing.ts';
import { lifeBeforePurge, live } from './life.ts';
import { childHealth, maternity } from './people.ts';
import { answersTo, asked, during, lastPosition, questions } from './replays.ts';
import { aDay, aMinute, aWorld, stores, type World } from './world.ts';

const life = lifeBeforePurge();
const indexOf = (type: string): number => life.findIndex((step) => step.type === type);

/** The unit is there with its people; from then on their rights are those of today, until the program changes hands. */
const begun = indexOf('enable-template');
const changing = indexOf('change-clinician');

/** After how many commands everything is asked: after each where there is time for it. */
const every = process.env.FOLJA_RUNS === undefined ? 31 : 1;

/** A moment of a life, and what every view said then. */
type Moment = {
  readonly position: string;
  readonly at: string;
  readonly answers: Readonly<Record<string, unknown>>;
};

/** Lives until the program changes hands, and asks everything now and then. */
const recorded = async (world: World): Promise<readonly Moment[]> => {
  const moments: Moment[] = [];
  await live(world, life.slice(0, begun));
  for (let next = begun; next < changing; next += every) {
    await live(world, life.slice(next, Math.min(next + every, changing)));
    const position = await lastPosition(world);
    const at = world.clock.now().toISOString();
    moments.push({ position, at, answers: await answersTo(world.folja.view, asked(maternity)) });
    world.clock.later(aMinute);
  }
  return moments;
};

const replayed = (world: World, until: Parameters<typeof during>[1], unit = maternity) =>
  during(world, until, ({ view }) => answersTo(view, asked(unit)));

/** The looks themselves are events: those of one moment are shown by its instant, and not yet by its position. */
const isOfLog = (name: string): boolean => /^(audit|access-report|log-export)/.test(name);
const withoutLog = (answers: Moment['answers']) =>
  Object.fromEntries(Object.entries(answers).filter(([name]) => !isOfLog(name)));

describe.each(stores)('a replay %s', (kind) => {
  test('R130 I12 gives every view as it stood, at any moment of a life', { timeout: 600_000 }, async () => {
    expect(Object.keys(questions).toSorted()).toEqual(viewNames.toSorted());
    const world = await aWorld(kind);
    const moments = await recorded(world);
    world.clock.later(40 * aDay);
    const now = await answersTo(world.folja.view, asked(maternity));
    expect(new Set(moments.map(({ answers }) => JSON.stringify(answers))).size).toBe(moments.length);
    for (const { position, at, answers } of moments) {
      expect(await replayed(world, { position })).toEqual(answers);
      expect(withoutLog(await replayed(world, { at }))).toEqual(withoutLog(answers));
      expect(withoutLog(now)).not.toEqual(withoutLog(answers));
    }
  });

  test('R205 R207 shows a program as it stood to the unit that has it now, and to nobody else', async () => {
    const world = await aWorld(kind);
    const moments = (await recorded(world)).slice(-1);
    const nothing = [{ rows: [] }, { kind: 'refused', code: 'unknown-program' }];
    await live(world, life.slice(changing, indexOf('close-maintenance')));
    for (const { position, answers } of moments) {
      expect(await replayed(world, { position }, childHealth)).toEqual(answers);
      const given = await replayed(world, { position }, maternity);
      const ofUnit = asked(maternity).filter(({ judges }) => judges === 'whose-program');
      expect(
        ofUnit.filter(({ name }) => !nothing.some((none) => JSON.stringify(none) === JSON.stringify(given[name]))),
      ).toEqual([]);
    }
  });
});
