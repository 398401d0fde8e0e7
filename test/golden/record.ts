import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { Actor } from '../../src/access/actor.ts';
import type { Command } from '../../src/commands/catalog.ts';
import type { Receipt } from '../../src/commands/receipt.ts';
import type { Engine } from '../../src/eventStore/engine.ts';
import { eventShapes } from '../../src/eventStore/shapes.ts';
import { openFolja } from '../../src/folja.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import {
  amning,
  attested,
  contentFor,
  expert,
  factsOf,
  fit,
  hsaIdOf,
  ownProvider,
  productionOffice,
  regionalTeam,
  residentActor,
  residents,
  staffActor,
  tobak,
  unitIdOf,
} from '../properties/world.ts';

/**
 * Records what a stored event of each type looks like, as text and digest, from a life in which all of them happen:
 *
 *     npx node test/golden/record.ts
 *
 * A file that is there is never written again: it stands for the events that lie in the stores of others.
 */
const directory = mkdtempSync(join(tmpdir(), 'folja-golden-'));
const inner = sqliteStore({ path: join(directory, 'unit.db') });
let engine: Engine | undefined;
let now = Date.parse('2026-03-02T08:00:00.000Z');
const folja = await openFolja({
  store: {
    open: async (...given) => {
      engine = await inner.open(...given);
      return engine;
    },
  },
  masterKey: new Uint8Array(32).fill(7),
  clock: () => new Date(now),
});

let sent = 0;
const idOf = (number: number): string => `0195d3a0-0000-7000-8000-${number.toString(16).padStart(12, 'a')}`;

const send = async (command: Command, actor: Actor, id = idOf(sent)): Promise<Receipt['ids']> => {
  now += 60_000;
  sent += 1;
  const answer = await folja.execute({ ...command, id }, actor);
  return E.isRight(answer) ? answer.right.ids : {};
};

const [maternal, child, closing] = [unitIdOf(0), unitIdOf(1), unitIdOf(2)];
const administratorOf = (unitId: string): Actor => staffActor(hsaIdOf(unitId, 0), unitId);
const clinicianOf = (unitId: string): Actor => staffActor(hsaIdOf(unitId, 1), unitId);
const resident = residentActor(residents[0]);

const activate = async (unitId: string, kind: string): Promise<void> => {
  const place = { unitId, name: `Mottagning ${unitId.slice(-1)}`, kind, careProviderId: ownProvider, county: 'Skåne' };
  const administrator = factsOf(hsaIdOf(unitId, 0), 'Anna Administratör', fit);
  const how = { operator: 'public', environment: 'production', validTo: '2030-12-31', order: 'B-2026/1' } as const;
  await send({ type: 'activate-unit', data: { ...place, ...how, administrator } }, regionalTeam);
};

const staffUp = async (unitId: string): Promise<void> => {
  const hsaId = hsaIdOf(unitId, 1);
  const by = administratorOf(unitId);
  await send({ type: 'register-staff', data: { unitId, staff: factsOf(hsaId, 'Bo Behandlare', fit) } }, by);
  for (const role of fit.roles) await send({ type: 'grant-role', data: { unitId, hsaId, role } }, by);
  for (const templateId of [amning, tobak])
    await send({ type: 'enable-template', data: { unitId, templateId } }, regionalTeam);
};

for (const templateId of [tobak, amning]) {
  const content = contentFor(templateId, 0, 0);
  await send({ type: 'publish-template', data: { templateId, change: 'major', content } }, productionOffice);
}
const review = { version: '1.0', outcome: 'approved', nextReview: '2027-03-01' } as const;
await send({ type: 'review-template', data: { templateId: tobak, ...review } }, expert);
await activate(maternal, 'bmm');
await activate(child, 'bvc');
await activate(closing, 'bvc');
await staffUp(maternal);
await staffUp(child);

const unitId = maternal;
const administrator = administratorOf(unitId);
const clinician = clinicianOf(unitId);
const other = hsaIdOf(unitId, 2);
await send({ type: 'change-unit', data: { unitId, answerWithinDays: 5 } }, administrator);
await send({ type: 'deactivate-unit', data: { unitId: closing } }, regionalTeam);
await send({ type: 'register-staff', data: { unitId, staff: factsOf(other, 'Bea Behandlare', fit) } }, administrator);
const changed = { ...fit, profession: 'specialist-nurse' };
await send({ type: 'register-staff', data: { unitId, staff: factsOf(other, 'Bea Ny', changed) } }, administrator);
await send(
  { type: 'grant-role', data: { unitId, hsaId: other, role: 'clinician', templateIds: [tobak] } },
  administrator,
);
await send({ type: 'deactivate-staff', data: { unitId, hsaId: other } }, administrator);
await send({ type: 'reactivate-staff', data: { unitId, hsaId: other } }, administrator);
const settings = { receive: true, channels: ['email'], flagTypes: ['message'] } satisfies object;
await send({ type: 'set-notifications', data: { unitId, ...settings, channels: ['email'] } }, clinician);
await send({ type: 'sign-in', data: { unitId } }, clinician);

const start = { templateId: tobak, resident: { personalNumber: residents[0], name: 'Tolvan Tolvansson' }, attested };
const { programId = '' } = await send({ type: 'start-program', data: start }, clinician, idOf(4_000));
await send({ type: 'start-program', data: start }, clinician, idOf(4_000));
await send({ type: 'start-program', data: start }, clinician);
await send({ type: 'change-welcome-text', data: { programId, text: 'Välkommen, Tolvan!' } }, clinician);
await send({ type: 'open-program', data: { programId } }, resident);
const section = { programId, moduleId: 'steg-1', sectionId: 'avsnitt-1' };
await send({ type: 'open-section', data: section }, resident);
await send({ type: 'complete-section', data: section }, resident);
await send({ type: 'finish-module', data: { programId, moduleId: 'steg-1' } }, resident);
await send({ type: 'complete-module', data: { programId, moduleId: 'steg-1' } }, clinician);
const second = { programId, moduleId: 'steg-2' };
await send({ type: 'activate-module', data: { ...second, days: 14, makeCurrent: true } }, clinician);
await send({ type: 'change-module-days', data: { ...second, days: 21 } }, clinician);
await send({ type: 'deactivate-module', data: second }, clinician);
const texts = { subject: 'Hej', body: 'Hur gör jag?' };
const { conversationId = '' } = await send({ type: 'start-conversation', data: { programId, ...texts } }, resident);
await send({ type: 'read-conversation', data: { programId, conversationId } }, clinician);
await send({ type: 'change-clinician', data: { programId, clinician: other, reason: 'semester' } }, clinician);

const offer = async (): Promise<string> => {
  const data = { programId, toUnit: child, residentInformed: true };
  return (await send({ type: 'initiate-handover', data }, clinician))['handoverId'] ?? '';
};
await send({ type: 'deny-handover', data: { handoverId: await offer(), reason: 'fel-enhet' } }, clinicianOf(child));
await send({ type: 'withdraw-handover', data: { handoverId: await offer() } }, clinician);
const receiver = hsaIdOf(child, 1);
await send({ type: 'approve-handover', data: { handoverId: await offer(), clinician: receiver } }, clinicianOf(child));
const end = { programId, reason: 'avslutad-enligt-plan', residentAware: true, maintenance: {} };
await send({ type: 'end-program', data: end }, clinicianOf(child));
await send({ type: 'close-maintenance', data: { programId } }, clinicianOf(child));
await folja.view({ view: 'purge-list' }, clinicianOf(child));
await send({ type: 'purge-program', data: { programId, disposalDecision: 'RA-FS/2026:1' } }, clinicianOf(child));
await send({ type: 'revoke-role', data: { unitId, hsaId: other, role: 'clinician' } }, administrator);
await send({ type: 'disable-template', data: { unitId, templateId: amning } }, regionalTeam);

type Stored = { readonly body: string; readonly digest: Buffer };
const stored = engine?.readModels.prepare<[], Stored>('SELECT body, digest FROM events ORDER BY position').all() ?? [];
for (const type of Object.keys(eventShapes)) {
  const file = new URL(`${type}.json`, import.meta.url);
  const found = stored.find(({ body }) => (JSON.parse(body) as { type: string }).type === type);
  if (found === undefined) console.error(`no event of type ${type} happened: add to this life`);
  if (found === undefined || existsSync(file)) continue;
  const golden = { body: found.body, digest: found.digest.toString('hex') };
  writeFileSync(file, `${JSON.stringify(golden, null, 2)}\n`);
}
await folja.close();
rmSync(directory, { recursive: true });
