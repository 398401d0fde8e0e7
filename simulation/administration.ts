import type { StaffActor } from './people.ts';
import { hsaId, production, region, residentActor, staffAt } from './people.ts';
import type { Life, Program } from './program.ts';
import { officeTime, text } from './program.ts';
import { amning, employ, tobak, type Unit } from './region.ts';

type ProgramRow = { readonly programId: string };

const reassign = async ({ calling, random, programs }: Life, { clinicians, coordinator }: Unit, row: ProgramRow) => {
  const clinician = random.pick(clinicians);
  const data = { programId: row.programId, clinician: clinician.hsaId, reason: 'franvaro' };
  const receipt = await calling.send('change-clinician', data, coordinator);
  const program = programs.get(row.programId);
  if (receipt !== undefined && program !== undefined) program.clinician = clinician;
};

/** The resident administrator looks after programs without an active clinician. */
export const lookAfter = async (life: Life, unit: Unit): Promise<void> => {
  const { calling, random, agenda } = life;
  type Row = ProgramRow & { readonly clinicianActive: boolean; readonly clinician: string };
  const rows = await calling.list<Row>({ view: 'caseload' }, unit.coordinator);
  for (const row of rows.filter(({ clinicianActive }) => !clinicianActive)) await reassign(life, unit, row);
  const [first] = rows;
  if (first === undefined || !random.happens(0.2)) return;
  const absence = { from: agenda.day(1), to: agenda.day(14), text: text(random, 'semester') };
  for (const { programId } of rows.filter(({ clinician }) => clinician === first.clinician).slice(0, 5))
    await calling.send('announce-absence', { programId, ...absence }, unit.coordinator);
};

type Offer = ProgramRow & { readonly handover: { readonly handoverId: string } };

/** The receiving unit decides about what is offered to it. */
const answerOffers = async ({ calling, random, programs }: Life, unit: Unit): Promise<void> => {
  const offers = await calling.list<Offer>({ view: 'overview', tab: 'handovers' }, unit.coordinator);
  for (const { programId, handover } of offers) {
    const data = { handoverId: handover.handoverId, programId };
    if (random.happens(0.15)) {
      await calling.send('deny-handover', { ...data, reason: 'fel-enhet' }, unit.coordinator);
      continue;
    }
    const clinician: StaffActor = random.pick(unit.clinicians);
    const receipt = await calling.send('approve-handover', { ...data, clinician: clinician.hsaId }, unit.coordinator);
    const program = programs.get(programId);
    if (receipt === undefined || program === undefined) continue;
    Object.assign(program, { unit, clinician, handedOver: true });
  }
};

/** A program goes to another unit, when that one agrees. */
export const offer = async (life: Life, program: Program): Promise<void> => {
  const { calling, random, agenda, units } = life;
  if (program.state !== 'ongoing' || program.handedOver) return;
  const receivers = units.filter(({ kind, unitId }) => kind === 'bvc' && unitId !== program.unit.unitId);
  if (receivers.length === 0) return;
  const receiver = random.pick(receivers);
  const { coordinator } = program.unit;
  const data = {
    programId: program.programId,
    toUnit: receiver.unitId,
    residentInformed: true,
    disclosureBasis: 'samtycke',
  };
  const receipt = await calling.send('initiate-handover', data, coordinator);
  if (receipt === undefined) return;
  if (random.happens(0.05)) {
    const withdraw = { handoverId: receipt.ids.handoverId, programId: program.programId };
    await calling.send('withdraw-handover', withdraw, coordinator);
    return;
  }
  agenda.plan(random.between(1, 10), officeTime(random), () => answerOffers(life, receiver));
};

/** The responsible clinician ends a program; a pending handover has to be decided first. */
export const end = async (life: Life, program: Program): Promise<void> => {
  const { calling, random, agenda } = life;
  if (program.state !== 'ongoing') return;
  const data = {
    ...{ programId: program.programId, reason: 'avslutad-enligt-plan', residentAware: true },
    ...(random.happens(0.3) ? { maintenance: { until: agenda.day(random.between(10, 60)) } } : {}),
    ...(random.happens(0.1) ? { notifyResident: false } : {}),
  };
  const receipt = await calling.send('end-program', data, program.clinician);
  if (receipt === undefined) agenda.plan(random.between(5, 15), officeTime(random), () => end(life, program));
  else program.state = 'ended';
};

const purgeAfter = 14;

/** The data administrator purges what has been ended for some time. */
export const purge = async ({ calling, random, agenda, programs }: Life, { administrator }: Unit): Promise<void> => {
  type Row = ProgramRow & { readonly days: number; readonly readableUntil?: string };
  const rows = await calling.list<Row>({ view: 'purge-list' }, administrator);
  const due = rows.filter(({ days, readableUntil = '' }) => days >= purgeAfter && readableUntil < agenda.day());
  for (const { programId } of due) {
    if (random.happens(0.2)) await calling.send('export-program', { programId, format: 'json' }, administrator);
    const receipt = await calling.send('purge-program', { programId, disposalDecision: 'RA-2026/1' }, administrator);
    const program = programs.get(programId);
    if (receipt !== undefined && program !== undefined) program.state = 'purged';
  }
};

/** Staff comes and goes. */
export const turnOver = async (life: Life, unit: Unit, month: number): Promise<void> => {
  const { calling, random } = life;
  if (unit.clinicians.length < 2 || !random.happens(0.15)) return;
  await employ(calling, random, unit, 10 + month);
  const [leaving] = unit.clinicians.splice(0, 1);
  const data = { unitId: unit.unitId, hsaId: leaving?.hsaId };
  await calling.send('deactivate-staff', data, unit.administrator);
};

/** Somebody tries what is nobody's business of theirs: another unit's clinician, another resident. */
export const pry = async ({ calling, random, units, programs }: Life): Promise<void> => {
  const all = [...programs.values()];
  if (all.length < 2) return;
  const { programId, unit } = random.pick(all);
  const stranger = random.pick(units.filter((other) => other !== unit)).clinicians[0];
  if (stranger !== undefined) await calling.see({ view: 'program', programId }, stranger);
  const other = random.pick(all);
  if (other.programId !== programId) {
    await calling.see({ view: 'my-program', programId: other.programId }, residentActor(random.pick(all).resident));
  }
  await calling.see({ view: 'purge-list' }, staffAt(unit.unitId, hsaId('NOBODY')));
};

/** A minor version reaches the running programs, a major one only those that start from then on. */
export const publish = async ({ calling }: Life, change: 'minor' | 'major', month: string): Promise<void> => {
  for (const templateId of [amning, tobak]) {
    const newest = await calling.see<Readonly<Record<string, unknown>>>({ view: 'template', templateId }, production);
    if (newest === undefined) continue;
    const { version: _, ...content } = newest;
    const data = { templateId, change, content: { ...content, welcomeText: `Välkommen! Texten är från ${month}.` } };
    await calling.send('publish-template', data, production);
  }
  await calling.see({ view: 'statistics' }, region);
};
