/** Looks at a program as it stood before its end, until a purge closes the replay. */
import type { Folja, Page } from 'folja';
import { done, midwife, nurse, openWithUnits, parent, platform, startProgram } from './setUp.ts';

let now = new Date('2026-03-02T08:00:00.000Z');
const folja = await openWithUnits({ clock: () => now });
const programId = await startProgram(folja);
const then = now.toISOString();

now = new Date('2026-04-13T07:30:00.000Z');
const message = { programId, subject: 'Tack', body: 'Nu går det bra.' };
done(await folja.execute({ type: 'start-conversation', data: message }, parent));
const end = { programId, reason: 'avslutad-enligt-plan', residentAware: true };
done(await folja.execute({ type: 'end-program', data: end }, midwife));

type Program = { readonly status: string };
const look = async (view: Folja['view']): Promise<string> => {
  const { rows } = done(await view({ view: 'conversations', programId }, midwife)) as Page<object>;
  const { status } = done(await view({ view: 'program', programId }, midwife)) as Program;
  return `${rows.length} ${rows.length === 1 ? 'conversation' : 'conversations'}, ${status}`;
};

// Whoever opens a replay, each look is judged by the rights of today, and is an entry of today's log.
const replay = await folja.replay({ until: { at: then } }, platform('log-auditor'));
console.log(`Then: ${await look(replay.view)}`);
console.log(`Now: ${await look(folja.view)}`);
const other = await replay.view({ view: 'program', programId }, nurse);
console.log(`The other unit: ${other._tag === 'Left' && other.left.kind === 'refused' ? other.left.code : 'shown'}`);

const purge = { programId, disposalDecision: 'RA-2026/1' };
console.log(`Purged: ${done(await folja.execute({ type: 'purge-program', data: purge }, midwife)).erasure}`);
console.log('Then:', JSON.stringify(await replay.view({ view: 'program', programId }, midwife)));
await replay.close();
await folja.close();
