/** Ends a program and purges it; says when either is done, and then goes on. */

import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { at, maternity } from '../test/library/people.ts';
import { withLibrary } from './looking.ts';

const { path, programId } = JSON.parse(process.argv[2] ?? '{}') as {
  readonly path: string;
  readonly programId: string;
};

const acts = [
  { type: 'end-program', data: { programId, reason: 'avslutad-enligt-plan', residentAware: true }, member: 'b' },
  { type: 'purge-program', data: { programId, disposalDecision: 'RA-2026/1' }, member: 'da' },
];

await withLibrary(path, async ({ folja }) => {
  for (const { type, data, member } of acts) {
    const id = randomUUID();
    const result = await folja.execute({ type, data, id }, at(maternity, member));
    const outcome = result._tag === 'Right' ? 'done' : result.left.kind;
    const erasure = result._tag === 'Right' ? result.right.erasure : undefined;
    writeSync(1, `${JSON.stringify({ id, outcome, erasure })}\n`);
  }
});
