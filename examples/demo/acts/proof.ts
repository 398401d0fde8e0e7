import type { Folja } from 'folja';
import { verifyConsistency, verifyHead } from 'folja/verifier';
import { mina } from '../dashboards.ts';
import { malin, tore } from '../people.ts';
import type { Stage } from '../stage.ts';

type Head = Awaited<ReturnType<Folja['audit']['head']>>;

const spring = '2026-05-01T12:00:00.000Z';

/** 11. That nobody altered the log, the purge neither; and what a dashboard showed in spring, under the rights of today. */
export const proof = async (stage: Stage, before: Head): Promise<void> => {
  const { audit, replay } = stage.folja;
  stage.chapter('11. The log is what it was, and can show what was');
  const after = await audit.head();
  const given = await audit.consistencyProof(before, after);
  const isSigned = [before, after].every((head) => verifyHead(head, before.publicKey));
  const isContinued = isSigned && verifyConsistency(before, after, given.proof);
  stage.note(
    'the host',
    `checks with the public key alone that ${after.length} events go on from ${before.length}`,
    isContinued ? 'ok' : 'altered',
    'ok',
  );
  const { ok, entries, problems } = await audit.verify();
  stage.note('the host', `verifies ${entries} events and all heads`, ok ? 'ok' : `${problems.length} problems`, 'ok');
  const then = await replay({ until: { at: spring } }, tore.actor);
  for (const who of [tore, malin]) {
    const page = await then.view(mina.query, who.actor);
    const { columns } = mina;
    const { notes, rows } = page._tag === 'Right' ? mina.present(page.right) : { notes: ['refused'], rows: [] };
    stage.list({ title: 'Mina as of 1 May', notes: [`asked by ${who.label}`, ...notes], columns, rows });
  }
  await then.close();
};
