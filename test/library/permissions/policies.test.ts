import { expect, test } from 'vitest';
import { idAt, maternity } from '../people.ts';
import { type Act, commandActs } from './acts.ts';
import { attempt, cellsOf } from './comparing.ts';
import { type Choice, choices, expected } from './oracle.ts';
import { reached, situations } from './situations.ts';

const policies = {
  D1: { handover: { initiator: 'clinician-or-resident-administrator' } },
  D8: { ending: { byResidentAdministrator: true } },
  D9: { starting: { byResidentAdministrator: true } },
} as const;

const looked = situations.filter(({ name }) => ['is ongoing', 'is handed over', 'has ended'].includes(name));
const chosen = (Object.keys(choices) as readonly Choice[]).flatMap((choice) =>
  looked.map((situation) => [choice, situation.name, situation] as const),
);

/** Who starts for another names the clinician. */
const named = (act: Act): Act =>
  act.what === 'start-program'
    ? { ...act, about: (programId) => ({ ...act.about(programId), clinician: idAt(maternity, 'b') }) }
    : act;

const everyChoice: readonly string[] = Object.values(choices).flatMap(({ commands }) => [...commands]);
const acts = commandActs.filter(({ name }) => everyChoice.includes(name)).map(named);

test.each(chosen)(
  '%s lets another role do it as well where the region says so, and no more: a program that %s',
  async (choice, _, situation) => {
    const world = await reached(situation, 'in SQLite', policies[choice]);
    const differing: string[] = [];
    for (const cell of cellsOf(acts)) {
      const { outcome } = await attempt(world, cell, situation);
      const wanted = expected(cell.act, cell.who, situation, choice);
      if (outcome !== wanted) differing.push(`${cell.act.name} by ${cell.who.name}: ${outcome}, not ${wanted}`);
    }
    expect(differing).toEqual([]);
  },
);
