/** Purges a program, and asks the audit log who had to do with the parent: it answers after the purge too. */
import type { Page } from 'folja';
import { done, midwife, nurse, openWithUnits, parent, platform, startProgram } from './setUp.ts';

type Entry = {
  readonly at: string;
  readonly actor: string;
  readonly name?: string;
  readonly role?: string;
  readonly action: string;
  readonly outcome: string;
  readonly code?: string;
  readonly subjects: readonly { readonly personalNumber?: string }[];
};

const folja = await openWithUnits();
const programId = await startProgram(folja);
await folja.view({ view: 'program', programId }, midwife);
await folja.view({ view: 'program', programId }, nurse); // refused, and logged

const end = { programId, reason: 'avslutad-enligt-plan', residentAware: true };
done(await folja.execute({ type: 'end-program', data: end }, midwife));

// A host gives a command its id, and sends the same again when no answer came: it happens once.
const id = '0195d3a0-0000-7000-8000-000000000001';
const purge = { type: 'purge-program', data: { programId, disposalDecision: 'RA-2026/1' }, id };
console.log(`Purged: ${done(await folja.execute(purge, midwife)).erasure}`);
console.log(`Sent again: ${done(await folja.execute(purge, midwife)).erasure}`);
await folja.view({ view: 'my-program', programId }, parent); // refused: it is gone

// Pages of three, to show how a cursor is used; 200 is the most.
const about = { view: 'audit', perspective: 'owner', personalNumber: '19121212-1212', limit: 3 };
let cursor: string | undefined;
do {
  const query = cursor === undefined ? about : { ...about, cursor };
  const page = done(await folja.view(query, platform('log-auditor'))) as Page<Entry>;
  for (const { at, name, actor, role, action, outcome, code, subjects } of page.rows)
    console.log(
      at,
      (name ?? actor).padEnd(14),
      (role ?? '').padEnd(22),
      action.padEnd(18),
      code ?? outcome,
      subjects.length,
    );
  cursor = page.next;
} while (cursor !== undefined);

await folja.close();
