import assert from 'node:assert/strict';
import type { Obligation } from '../../domain/template/content.ts';
import { swedishDay } from '../model/state.ts';
import { isBundled } from '../setting.ts';
import type { Look, Picture, Said, Shown, ShownModule } from '../shown.ts';
import type { Trace } from '../trace.ts';
import { codeOf } from '../trace.ts';
import { amning, tobak } from '../world.ts';
import { contentOf } from './contents.ts';
import { daysLeftOn, type FoldedProgram, foldProgram, isReadableOn, programsAt } from './fold.ts';

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

/** The modules of a program as each side was shown them. */
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

type Ruled = Looked & Pick<Trace, 'setting'>;

const steps = Array.from({ length: 7 }, (_, index) => `steg-${index + 1}`);

/** The modules of an obligation in a program's version. */
const obliged = ({ setting, events }: Ruled, program: FoldedProgram, obligation: Obligation): readonly string[] => {
  const found = contentOf(events, program).modules.filter((module) => module.obligation === obligation);
  const ids = found.map(({ id }) => id);
  // R104, R111: what the manual says of the treatment.
  if (obligation === 'mandatory' && program.templateId === tobak && isBundled(setting, tobak))
    assert.deepEqual(ids, steps, tobak);
  return ids;
};

/** I07: a program is not all done before each of its mandatory modules is completed; the other modules never matter. */
export const checkI07 = (trace: Ruled): void =>
  eachSeen(trace, ({ program, staff }) => {
    if (staff === undefined) return;
    const states = obliged(trace, program, 'mandatory').map((id) => program.modules.get(id)?.state);
    assert.equal(
      staff.mandatoryDone,
      states.every((state) => state === 'completed'),
      program.id,
    );
  });

/** The modules that never close, by program. */
const alwaysOpen = (trace: Ruled): ReadonlyMap<string, readonly string[]> => {
  const started = trace.events.filter(({ type }) => type === 'started');
  const { setting } = trace;
  return new Map(
    started.flatMap((event) => {
      const program = foldProgram([event]);
      if (program === undefined) return [];
      const ids = obliged(trace, program, 'always-open');
      // R106: all twelve chapters of the support program.
      if (program.templateId === amning && isBundled(setting, amning)) assert.equal(ids.length, 12, amning);
      return [[event.stream, ids] as const];
    }),
  );
};

/** I08: what is always open is open from start to end, and takes no module command; in the support program that is all twelve chapters. */
export const checkI08 = (trace: Ruled): void => {
  const open = alwaysOpen(trace);
  eachSeen(trace, (seen) => {
    const ids = open.get(`program-${seen.program.id}`) ?? [];
    for (const modules of modulesOf(seen)) {
      const shownOpen = modules.filter(({ id }) => ids.includes(id)).map(({ id, state }) => [id, state]);
      assert.deepEqual(
        shownOpen,
        ids.map((id) => [id, 'open']),
        seen.program.id,
      );
    }
  });
  for (const { stream, cause, data } of trace.events) {
    const isAlwaysOpen = open.get(stream)?.includes(data.moduleId ?? '') === true;
    assert.ok(!isAlwaysOpen || !/module/.test(cause.command) || cause.command === 'finish-module', stream);
  }
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
