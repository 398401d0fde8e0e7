/** Opens the library on two SQLite files, sets up a unit, and starts a program. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Actor, bundledTemplates, openFolja } from 'folja';
import { sqliteStore } from 'folja/sqlite';

const folder = await mkdtemp(join(tmpdir(), 'folja-example-'));
// In care: a key that is kept apart from the files, and is the same every time.
const masterKey = randomBytes(32);
const folja = await openFolja({ store: sqliteStore({ path: join(folder, 'unit.db') }), masterKey });

const authentication = { method: 'siths', assurance: 3 } as const;
const unitId = 'SE2321000131-BMM1';
const hsaId = 'SE2321000131-P1';
const production: Actor = { kind: 'platform', hsaId: 'SE2321000131-P8', office: 'production-office', authentication };
const region: Actor = { kind: 'platform', hsaId: 'SE2321000131-P9', office: 'regional-team', authentication };
const midwife: Actor = { kind: 'staff', hsaId, unitId, authentication };

/** Sends a command, and tells what came back: a receipt, or a problem as data. */
const send = async (type: string, data: object, actor: Actor): Promise<void> => {
  const result = await folja.execute({ type, data }, actor);
  if (result._tag === 'Left') return console.log(`${type}: ${JSON.stringify(result.left)}`);
  const [first, ...others] = result.right.events;
  console.log(`${type}: ${first?.type}${others.length === 0 ? '' : `, and ${others.length} more events`}`);
};

const { templateId = '', content } = bundledTemplates[0] ?? {};
const work = {
  profession: 'midwife',
  employment: 'maternal-health',
  assignments: ['VoB SJF'],
  trainings: [templateId],
};
const administrator = { hsaId, name: 'Maja Moberg', ...work };
const place = { name: 'BMM Norr', kind: 'bmm', careProviderId: 'SE2321000131-VG1', county: 'Västra Götaland' };

await send('publish-template', { templateId, change: 'major', content }, production);
await send('activate-unit', { unitId, ...place, operator: 'public', environment: 'production', administrator }, region);
await send('enable-template', { unitId, templateId }, region);

const resident = { personalNumber: '19121212-1212', name: 'Tolvan Tolvansson' };
const attested = { informed: true, accepted: true, speaksSwedish: true, hasDevice: true, hasElectronicId: true };
await send('start-program', { templateId, resident, attested }, midwife); // she has no such role yet
for (const role of ['clinician', 'resident-administrator', 'data-administrator'])
  await send('grant-role', { unitId, hsaId, role }, midwife);
await send('start-program', { templateId, resident, attested }, midwife);

await folja.close();
await rm(folder, { recursive: true });
