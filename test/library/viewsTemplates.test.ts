import { describe, expect, test } from 'vitest';
import { amning, aRegion, aStartedProgram, contentOf, end, start, theProgram, tobak } from './given.ts';
import { rowsInPages } from './pages.ts';
import { at, auditor, childHealth, disa, expert, maternity, office, region, resident, tolvan } from './people.ts';
import { stores, type World } from './world.ts';

const b = at(maternity, 'b');
const plain = at(maternity, 'plain');
const reworded = { ...contentOf(tobak), welcomeText: 'Välkommen i rättad form!' };
const renewed = { ...reworded, title: 'Tobakshjälpen två', reviewEveryMonths: 6 };
const refused = (code: string) => ({ kind: 'refused', code });

const publish = ({ does }: World, change: 'major' | 'minor', content: object, more: object = {}) =>
  does('publish-template', { templateId: tobak, change, content, ...more }, office);
const template = ({ sees }: World, query: object = {}, actor = plain) =>
  sees<Readonly<Record<string, unknown>>>({ view: 'template', templateId: tobak, ...query }, actor);
const program = ({ sees }: World, programId = theProgram) =>
  sees<Readonly<Record<string, unknown>>>({ view: 'program', programId }, b);
const mine = { view: 'my-program', programId: theProgram };
const list = async ({ sees }: World, actor = plain) => (await sees({ view: 'templates' }, actor)).rows;

const row = (templateId: string, more: object = {}) => ({
  ...{ templateId, title: contentOf(templateId).title, version: '1.0', publishedAt: '2026-03-02T08:00:00.000Z' },
  ...{ enabled: true, reviewDue: '2027-03-02' },
  ...more,
});

describe.each(stores)('a new version of a template %s', (kind) => {
  test('R263 R269 I24 that is minor reaches the programs that have started, and keeps their progress', async () => {
    const world = await aStartedProgram(kind);
    await world.does('finish-module', { programId: theProgram, moduleId: 'inledning' }, resident(tolvan));
    const before = await program(world);
    await publish(world, 'minor', reworded);
    expect(await program(world)).toEqual({ ...before, version: '1.1', welcomeText: reworded.welcomeText });
    expect(await template(world)).toEqual({ ...reworded, version: '1.1' });
    expect(await template(world, {}, resident(tolvan))).toEqual({ ...reworded, version: '1.1' });
  });

  test('R263 I24 that is minor leaves a program that has ended in the version in which it ended', async () => {
    const world = await aStartedProgram(kind);
    await publish(world, 'minor', reworded);
    await end(world, theProgram, { maintenance: {} });
    const [before, seen] = [await program(world), await world.sees(mine, resident(tolvan))];
    expect(before).toMatchObject({ version: '1.1', welcomeText: reworded.welcomeText });
    await publish(world, 'minor', { ...reworded, title: 'Tobakshjälpen, rättad', welcomeText: 'Rättat igen' });
    expect(await program(world)).toEqual(before);
    expect(await world.sees(mine, resident(tolvan))).toEqual(seen);
    expect(await template(world, {}, resident(tolvan))).toEqual({ ...reworded, version: '1.1' });
    await world.folja.rebuild();
    expect(await program(world)).toEqual(before);
  });

  test('R264 R265 R270 I24 that is major is for programs started from then on, each in its own line', async () => {
    const world = await aStartedProgram(kind);
    const before = await program(world);
    await publish(world, 'major', renewed);
    expect(await program(world)).toEqual(before);
    const later = await start(world, tobak, disa);
    expect(await program(world, later)).toMatchObject({ version: '2.0', welcomeText: renewed.welcomeText });
    expect(await template(world, {}, resident(tolvan))).toEqual({ ...contentOf(tobak), version: '1.0' });
    expect(await template(world, {}, resident(disa))).toEqual({ ...renewed, version: '2.0' });
    await publish(world, 'minor', reworded, { major: 1 });
    expect(await program(world)).toMatchObject({ version: '1.1', welcomeText: reworded.welcomeText });
    expect(await program(world, later)).toMatchObject({ version: '2.0' });
  });

  test('R262 R269 is newest by its numbers, and every version stays', async () => {
    const world = await aRegion(kind);
    await publish(world, 'major', renewed);
    for (let number = 1; number <= 10; number += 1)
      await publish(world, 'minor', { ...reworded, welcomeText: `Rättning ${number}` }, { major: 1 });
    expect(await template(world)).toEqual({ ...renewed, version: '2.0' });
    expect(await template(world, { version: '1.0' })).toEqual({ ...contentOf(tobak), version: '1.0' });
    expect(await template(world, { version: '1.10' })).toMatchObject({ version: '1.10', welcomeText: 'Rättning 10' });
    expect((await list(world)).map(({ version }) => version)).toEqual(['1.0', '2.0']);
    for (const version of ['1.11', '3.0'])
      expect(await world.misses({ view: 'template', templateId: tobak, version }, plain)).toEqual(
        refused('unknown-template'),
      );
    for (const version of ['1', '0.1', 'ny', ''])
      expect(await world.misses({ view: 'template', templateId: tobak, version }, plain)).toMatchObject({
        kind: 'invalid',
      });
  });
});

describe.each(stores)('the content of a template %s', (kind) => {
  test('R262 is as it was published, whatever a host does with what it was given', async () => {
    const world = await aRegion(kind);
    const given = await template(world);
    (given.modules as { title: string }[]).splice(1).length = 0;
    Object.assign((given.modules as object[])[0] ?? {}, { title: 'Ett annat namn' });
    expect(await template(world)).toEqual({ ...contentOf(tobak), version: '1.0' });
  });

  test('R262 is read by staff and by those who make it', async () => {
    const world = await aRegion(kind);
    for (const actor of [plain, region, office, expert])
      expect(await template(world, { templateId: amning }, actor)).toEqual({ ...contentOf(amning), version: '1.0' });
    expect(await world.misses({ view: 'template', templateId: tobak }, auditor)).toEqual(refused('not-permitted'));
    const unknown = { view: 'template', templateId: 'finns-inte' };
    for (const actor of [plain, office, resident(tolvan)])
      expect(await world.misses(unknown, actor)).toEqual(refused('unknown-template'));
  });

  test('R262 R273 I26 is read by a resident who has such a program, for as long as the program may be read', async () => {
    const world = await aStartedProgram(kind);
    const query = { view: 'template', templateId: tobak };
    expect(await template(world, { version: '1.0' }, resident(tolvan))).toMatchObject({ version: '1.0' });
    expect(await world.misses(query, resident(disa))).toEqual(refused('unknown-template'));
    const other = { view: 'template', templateId: amning };
    expect(await world.misses(other, resident(tolvan))).toEqual(refused('unknown-template'));
    await end(world, theProgram, { maintenance: { until: '2026-04-01' } });
    expect(await template(world, {}, resident(tolvan))).toMatchObject({ version: '1.0' });
    world.clock.at('2026-04-02T08:00:00.000Z');
    expect(await world.misses(query, resident(tolvan))).toEqual(refused('unknown-template'));
  });

  test('R270 is of the line of the latest program, where a resident has had several', async () => {
    const world = await aStartedProgram(kind);
    await publish(world, 'major', renewed);
    await start(world, tobak, tolvan, { unit: childHealth });
    expect(await template(world, {}, resident(tolvan))).toMatchObject({ version: '2.0' });
  });
});

describe.each(stores)('the list of templates %s', (kind) => {
  test('R051 R262 R268 shows the newest version of each, and whether the unit may start it', async () => {
    const world = await aRegion(kind);
    expect(await list(world)).toEqual([row(amning), row(tobak)]);
    world.clock.at('2026-05-31T08:00:00.000Z');
    await publish(world, 'major', renewed);
    await world.does('disable-template', { unitId: maternity.unitId, templateId: amning }, region);
    const newest = { title: renewed.title, version: '2.0', publishedAt: '2026-05-31T08:00:00.000Z' };
    const rows = [row(amning, { enabled: false }), row(tobak, { ...newest, reviewDue: '2026-11-30' })];
    expect(await list(world)).toEqual(rows);
    expect((await list(world, at(childHealth, 'ia'))).map(({ enabled }) => enabled)).toEqual([true, true]);
    for (const actor of [region, office, expert])
      expect((await list(world, actor)).map(({ enabled }) => enabled)).toEqual([false, false]);
    expect(await world.misses({ view: 'templates' }, resident(tolvan))).toEqual(refused('not-permitted'));
  });

  test('R267 tells when the expert is to review each: as the last review says, else as long after publication as the template says', async () => {
    const world = await aRegion(kind);
    const due = async () => (await list(world)).map(({ reviewDue }) => reviewDue);
    const review = (outcome: string, nextReview: string) =>
      world.does('review-template', { templateId: tobak, version: '1.0', outcome, nextReview }, expert);
    await review('changes-needed', '2026-06-01');
    expect(await due()).toEqual(['2027-03-02', '2026-06-01']);
    await review('approved', '2027-06-01');
    expect(await due()).toEqual(['2027-03-02', '2027-06-01']);
    await publish(world, 'major', renewed);
    await world.folja.rebuild();
    expect(await due()).toEqual(['2027-03-02', '2027-06-01']);
  });

  test('R262 is paged', async () => {
    const world = await aRegion(kind);
    for (const limit of [1, 2])
      expect(await rowsInPages(world, { view: 'templates' }, plain, limit)).toEqual(await list(world));
  });
});
