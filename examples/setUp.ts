import {
  type Actor,
  bundledTemplates,
  type Folja,
  type FoljaOptions,
  inMemoryStore,
  openFolja,
  type Problem,
} from 'folja';

type Result<A> = { readonly _tag: 'Left'; readonly left: Problem } | { readonly _tag: 'Right'; readonly right: A };
type Staff = Extract<Actor, { kind: 'staff' }>;

const hsaId = (suffix: string): string => `SE2321000131-${suffix}`;
const siths = { method: 'siths', assurance: 3 } as const;
const bankId = { method: 'bankid', assurance: 3 } as const;

const templateId = 'lar-dig-om-amning';
const place = {
  careProviderId: hsaId('VG1'),
  county: 'Västra Götaland',
  operator: 'public',
  environment: 'production',
};
const facts = { employment: 'maternal-health', assignments: ['VoB SJF'], trainings: [templateId] };

export const bmm = hsaId('BMM1');
export const bvc = hsaId('BVC1');

/** A midwife and a nurse, each of whom holds all four roles on her unit: few people make short examples. */
export const midwife: Staff = { kind: 'staff', hsaId: hsaId('P1'), unitId: bmm, authentication: siths };
export const nurse: Staff = { kind: 'staff', hsaId: hsaId('P2'), unitId: bvc, authentication: siths };
/** A test number of the Swedish Tax Agency (Skatteverket). */
export const parent: Actor = { kind: 'resident', personalNumber: '19121212-1212', authentication: bankId };

type Office = Extract<Actor, { kind: 'platform' }>['office'];
export const platform = (office: Office): Actor => ({
  ...{ kind: 'platform', hsaId: hsaId('P9'), office, authentication: siths },
});

/** What a call gave; a problem is a mistake here. */
export const done = <A>(result: Result<A>): A => {
  if (result._tag === 'Left') throw new Error(JSON.stringify(result.left));
  return result.right;
};

const openUnit = async (folja: Folja, staff: Staff, kind: string, person: object): Promise<void> => {
  const { unitId } = staff;
  const send = async (type: string, data: object, who: Actor) => done(await folja.execute({ type, data }, who));
  const administrator = { hsaId: staff.hsaId, ...facts, ...person };
  const region = platform('regional-team');
  await send('activate-unit', { unitId, name: kind.toUpperCase(), kind, ...place, administrator }, region);
  await send('enable-template', { unitId, templateId }, region);
  for (const role of ['clinician', 'resident-administrator', 'data-administrator'])
    await send('grant-role', { unitId, hsaId: staff.hsaId, role }, staff);
};

/** A library in memory with a template and two units, where nobody has a program yet. */
export const openWithUnits = async (options: Partial<FoljaOptions> = {}): Promise<Folja> => {
  const folja = await openFolja({ store: inMemoryStore(), masterKey: new Uint8Array(32).fill(7), ...options });
  const content = bundledTemplates.find((template) => template.templateId === templateId)?.content;
  const template = { type: 'publish-template', data: { templateId, change: 'major', content } };
  done(await folja.execute(template, platform('production-office')));
  await openUnit(folja, midwife, 'bmm', { name: 'Maja Moberg', profession: 'midwife' });
  await openUnit(folja, nurse, 'bvc', { name: 'Britt Brunberg', profession: 'specialist-nurse' });
  return folja;
};

/** Starts the parent's program, in which a first message is sent; gives the program's id. */
export const startProgram = async (folja: Folja): Promise<string> => {
  const attested = { informed: true, accepted: true, speaksSwedish: true, hasDevice: true, hasElectronicId: true };
  const resident = { personalNumber: '19121212-1212', name: 'Tolvan Tolvansson' };
  const start = { type: 'start-program', data: { templateId, resident, attested } };
  const { programId = '' } = done(await folja.execute(start, midwife)).ids;
  const message = { programId, subject: 'Första natten', body: 'Hur ofta ska vi amma?' };
  done(await folja.execute({ type: 'start-conversation', data: message }, parent));
  return programId;
};
