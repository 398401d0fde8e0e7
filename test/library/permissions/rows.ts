import type { Act } from './acts.ts';
import {
  afterEnd,
  answers,
  anyStaff,
  has,
  offices,
  ofProgram,
  processes,
  resident,
  responsibleOnly,
  roles,
} from './oracle.ts';
import { allRoles } from './whoever.ts';

/** What the texts say of one command or view, as the library's table has it in a row. */
export type Row = {
  readonly roles: readonly string[];
  readonly anyStaff: boolean;
  readonly resident: boolean;
  readonly offices: readonly string[];
  readonly processes: readonly string[];
  readonly relation: string | undefined;
  /** Of commands only: what is read is read until the purge. */
  readonly afterEnd: boolean;
};

const named = (able: Readonly<Record<string, Parameters<typeof has>[0]>>, acts: readonly Act[]): readonly string[] =>
  Object.keys(able)
    .filter((name) => acts.some((act) => has(able[name] as Parameters<typeof has>[0], act)))
    .toSorted();

const relationOf = (acts: readonly Act[]): string | undefined => {
  const isOf = (names: readonly string[]): boolean => acts.some(({ name }) => names.includes(name));
  if (isOf(responsibleOnly)) return 'responsible';
  if (isOf(['approve-handover', 'deny-handover'])) return 'receiving-unit';
  return acts.every(({ name }) => ofProgram.includes(name) || answers.includes(name)) ? 'own-unit' : undefined;
};

/** The oracle, turned: from what each person may do to who may do each thing. */
export const rowOf = (acts: readonly Act[]): Row => {
  const held = named(roles, acts);
  return {
    roles: held,
    anyStaff: acts.some((act) => has(anyStaff, act)),
    resident: acts.some((act) => has(resident, act)),
    offices: named(offices, acts),
    processes: named(processes, acts),
    relation: held.length === 0 ? undefined : relationOf(acts),
    afterEnd: acts.some(({ kind, name }) => kind === 'command' && afterEnd.includes(name)),
  };
};

/** Everything that the oracle speaks of. */
export const everyName: readonly string[] = [
  ...new Set(
    [
      anyStaff,
      resident,
      ...allRoles.map((role) => roles[role]),
      ...Object.values(offices),
      ...Object.values(processes),
    ].flatMap(({ commands, views }) => [...commands, ...views]),
  ),
];
