/** Hands a program over to another unit while a listener follows the events. */
import type { Page } from 'folja';
import { bvc, done, midwife, nurse, openWithUnits, parent, startProgram } from './setUp.ts';

type Event = { readonly position: string; readonly type: string; readonly by: { readonly role?: string } };
type Message = { readonly body: string; readonly addressee?: string };

const folja = await openWithUnits();
const programId = await startProgram(folja);

// Listeners hear of every event a moment after its commit, never of its personal part. Views and refusals are events too.
const lookedAt = Promise.withResolvers<void>();
const stop = folja.subscribe((heard) => {
  const { position, type, by } = heard as Event;
  console.log(`  event ${position}: ${type}${by.role === undefined ? '' : ` by ${by.role}`}`);
  if (type === 'viewed') lookedAt.resolve();
});

const offer = { programId, toUnit: bvc, residentInformed: true };
const { handoverId = '' } = done(await folja.execute({ type: 'initiate-handover', data: offer }, midwife)).ids;

// What the parent writes meanwhile goes to the sending clinician, who stays responsible.
const message = { programId, subject: 'Nu är hon född', body: 'Vem svarar nu?' };
const { conversationId = '' } = done(await folja.execute({ type: 'start-conversation', data: message }, parent)).ids;

const end = { programId, reason: 'avslutad-enligt-plan', residentAware: true };
const refused = await folja.execute({ type: 'end-program', data: end }, midwife);
if (refused._tag === 'Left') console.log(`Ending it now: ${JSON.stringify(refused.left)}`);

const approval = { handoverId, programId, clinician: nurse.hsaId };
const receipt = done(await folja.execute({ type: 'approve-handover', data: approval }, nurse));
console.log(`Approved: ${receipt.events.map(({ type }) => type).join(', ')}`);

const reply = { programId, conversationId, body: 'Hej BVC!' };
done(await folja.execute({ type: 'reply', data: reply }, parent));
const page = done(await folja.view({ view: 'conversation', programId, conversationId }, nurse)) as Page<Message>;
for (const { body, addressee } of page.rows) console.log(`"${body}" to ${addressee}`);

await lookedAt.promise;
stop();
await folja.close();
