import assert from 'node:assert/strict';
import { swedishDay } from '../model/state.ts';
import type { Look, Picture, Said, Shown, ShownModule, Trace } from '../trace.ts';
import { codeOf } from '../trace.ts';
import { amning, moduleIdsOf, tobak } from '../world.ts';
import { daysLeftOn, type FoldedProgram, isReadableOn, programsAt } from './fold.ts';

export type Looked = Pick<Trace, 'events' | 'looks'>;

/** What was shown; undefined where it was refused. */
export const shown = (said: Said | undefined): Shown | undefined =>
  said !== undefined && 'right' in said ? (said.right as Shown) : undefined;

const rowsOf = (said: Said | undefined): readonly Shown[] => shown(said)?.rows ?? [];
const idsOf = (said: Said | undefined): readonly string[] => rowsOf(said).map(({ programId = '' }) => programId);

/** What a check sees of one program at one look: its picture, and what its events say. */
export type Seen = {
  readonly look: Look;
  readonly day: string;
  readonly program: FoldedProgram;
  readonly staff: Shown | undefined;
  readonly resident: Shown | undefined;
  readonly picture: Picture | undefined;
};

/** Each program in each look. */
export const eachSeen = ({ events, looks }: Looked, check: (seen: Seen) => void): void => {
  for (const look of looks) {
    const day = swedishDay(look.at);
    for (const [programId, program] of programsAt(events, look.position)) {
      const picture = look.programs[programId];
      check({ look, day, program, staff: shown(picture?.staff), resident: shown(picture?.resident), picture });
    }
  }
};

export const modulesOf = ({ staff, resident }: Seen): readonly (readonly ShownModule[])[] =>
  [staff?.modules, resident?.modules].filter((modules) => modules !== undefined);

/** I04, the state: an ongoing program is shown with the one clinician that its events leave responsible. */
export const checkI04Shown = (trace: Looked): void =>
  eachSeen(trace, ({ look, program, staff }) => {
    if (program.status !== 'ongoing') return;
    if (staff !== undefined) assert.equal(staff.clinician, program.clinician, program.id);
    const lists = look.units[program.unitId] ?? {};
    const mine = Object.keys(lists).filter(
      (name) => name.startsWith('mine ') && idsOf(lists[name]).includes(program.id),
    );
    const isListed = `mine ${program.clinician}` in lists;
    assert.deepEqual(mine, isListed ? [`mine ${program.clinician}`] : [], program.id);
  });

/** I07: a treatment is not all done before each of its seven steps is completed; the other modules never matter. */
export const checkI07 = (trace: Looked): void =>
  eachSeen(trace, ({ program, staff }) => {
    if (staff === undefined || program.templateId !== tobak) return;
    const steps = [1, 2, 3, 4, 5, 6, 7].map((step) => program.modules.get(`steg-${step}`)?.state);
    assert.equal(
      staff.mandatoryDone,
      steps.every((state) => state === 'completed'),
      program.id,
    );
  });

/** I08: in the support program all twelve chapters are open from start to end. */
export const checkI08 = (trace: Looked & Pick<Trace, 'told'>): void => {
  eachSeen(trace, (seen) => {
    if (seen.program.templateId !== amning) return;
    for (const modules of modulesOf(seen)) {
      assert.deepEqual(
        modules.map(({ id, state }) => [id, state]),
        moduleIdsOf(amning).map((id) => [id, 'open']),
        seen.program.id,
      );
    }
  });
  const ofAmning = new Set(
    trace.events
      .filter(({ type, data }) => type === 'started' && data.templateId === amning)
      .map(({ stream }) => stream),
  );
  for (const { stream, cause } of trace.events)
    assert.ok(!ofAmning.has(stream) || !/module/.test(cause.command) || cause.command === 'finish-module', stream);
};

/** I12: the days left follow from activation, allotment and the day alone, and so do state, current module and what is finished. */
export const checkI12 = (trace: Looked): void =>
  eachSeen(trace, (seen) => {
    for (const modules of modulesOf(seen))
      for (const { id, state, current, daysLeft, finishedAt } of modules) {
        const folded = seen.program.modules.get(id);
        assert.equal(state, folded?.state ?? 'closed', `${seen.program.id} ${id}`);
        assert.equal(current, seen.program.current === id, `${seen.program.id} ${id} current`);
        assert.equal(daysLeft, folded && daysLeftOn(folded, seen.day), `${seen.program.id} ${id} days left`);
        assert.equal(finishedAt, folded?.finishedAt, `${seen.program.id} ${id} finished`);
      }
  });

const ofUnit = (programs: ReadonlyMap<string, FoldedProgram>, holds: (program: FoldedProgram) => boolean) =>
  [...programs.values()]
    .filter(holds)
    .map(({ id }) => id)
    .sort();

/** I17: the tab of handovers lists what waits for this unit, and nothing that the unit has already. */
export const checkI17 = ({ events, looks }: Looked): void => {
  for (const look of looks) {
    const programs = programsAt(events, look.position);
    for (const [unitId, lists] of Object.entries(look.units)) {
      const isOwn = (status: string) => (program: FoldedProgram) =>
        program.unitId === unitId && program.status === status;
      const wanted = {
        handovers: ofUnit(programs, ({ pending }) => pending?.to === unitId),
        all: ofUnit(programs, isOwn('ongoing')),
        ended: ofUnit(programs, isOwn('ended')),
        'purge-list': ofUnit(programs, isOwn('ended')),
      };
      for (const [tab, ids] of Object.entries(wanted)) {
        if (shown(lists[tab]) !== undefined) assert.deepEqual([...idsOf(lists[tab])].sort(), ids, `${unitId} ${tab}`);
      }
      const offered = idsOf(lists.handovers);
      const own = Object.entries(lists).flatMap(([name, said]) => (/^mine|^all/.test(name) ? idsOf(said) : []));
      assert.ok(
        offered.every((id) => !own.includes(id)),
        `${unitId} lists what it is offered as its own`,
      );
    }
  }
};

/** I20, the views: after the end the resident sees a program only while maintenance lasts, and can never write. */
export const checkI20Shown = (trace: Looked & Pick<Trace, 'owners'>): void =>
  eachSeen(trace, ({ look, day, program, resident }) => {
    const isOpen = program.status === 'ongoing' || isReadableOn(program, day);
    const picture = look.programs[program.id];
    assert.equal(resident !== undefined, isOpen, `${program.id} is ${program.status}: my-program`);
    assert.equal(shown(picture?.conversations) !== undefined, isOpen, `${program.id}: conversations`);
    if (resident !== undefined) assert.equal(resident.writable, program.status === 'ongoing', program.id);
    const row = rowsOf(look.mine[trace.owners.get(program.id) ?? '']).find((one) => one.programId === program.id);
    assert.equal(row?.readable, program.status === 'purged' ? undefined : isOpen, `${program.id}: my-programs`);
    assert.equal(row?.writable, program.status === 'purged' ? undefined : program.status === 'ongoing', program.id);
  });

/** I21, the views: nobody sees a purged program any more. */
export const checkI21Shown = (trace: Looked): void =>
  eachSeen(trace, ({ look, program }) => {
    if (program.status !== 'purged') return;
    const picture = look.programs[program.id];
    for (const said of [picture?.staff, picture?.resident, picture?.conversations]) {
      assert.ok(said !== undefined && codeOf({ said }) !== undefined, `${program.id} is still shown`);
    }
    const others = [...(picture?.each ?? []), picture?.comments, picture?.activities];
    assert.ok(
      others.every((said) => shown(said) === undefined),
      `${program.id} is still shown in parts`,
    );
    const lists = [...Object.values(look.units).flatMap((unit) => Object.values(unit)), ...Object.values(look.mine)];
    assert.ok(
      lists.every((said) => !idsOf(said).includes(program.id)),
      `${program.id} is still listed`,
    );
  });
