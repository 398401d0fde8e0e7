import type { Folja } from 'folja';
import { end, lookAfter, offer, pry, publish, purge, turnOver } from './administration.ts';
import { type Agenda, aDay } from './agenda.ts';
import type { Calling } from './calling.ts';
import type { Options } from './options.ts';
import { aResident, type Resident } from './people.ts';
import { type Life, officeTime, type Program } from './program.ts';
import type { Random } from './random.ts';
import { amning, openRegion, tobak, type Unit } from './region.ts';
import { visit } from './resident.ts';

const attested = { informed: true, accepted: true, speaksSwedish: true, hasDevice: true, hasElectronicId: true };

const follow = (life: Life, program: Program): void => {
  const { random, agenda } = life;
  const length = random.between(30, 250);
  const visits = random.between(3, 14);
  for (let visited = 0; visited < visits; visited += 1) {
    agenda.plan(random.between(0, length + 10), random.between(5 * 60, 22 * 60), () => visit(life, program));
  }
  if (program.templateId === amning && program.unit.kind === 'bmm' && random.happens(0.6)) {
    agenda.plan(Math.floor(length / 2), officeTime(random), () => offer(life, program));
  }
  agenda.plan(length, officeTime(random), () => end(life, program));
};

/** Starts a program, and plans what its resident and its clinician do in it, to its end. */
export const start = async (life: Life, unit: Unit, resident: Resident): Promise<void> => {
  const { calling, random, programs } = life;
  const templateId = unit.kind === 'vc' || random.happens(0.3) ? tobak : amning;
  const clinician = random.pick(unit.clinicians);
  const on = (): boolean => random.happens(0.5);
  const notifications = { inbox: on(), sms: on(), email: on() };
  const data = { templateId, resident, attested, ...(random.happens(0.8) ? { notifications } : {}) };
  const programId = (await calling.send('start-program', data, clinician))?.ids.programId;
  if (programId === undefined) return;
  const program: Program = { programId, templateId, resident, unit, clinician, state: 'ongoing', handedOver: false };
  programs.set(programId, program);
  if (random.happens(0.7)) {
    const first = { programId, subject: 'Påhittad början', body: 'Påhittad fråga: fungerar allt?' };
    await calling.send('start-conversation', first, clinician);
  }
  follow(life, program);
};

const restarting = 0.1;

/** Starts spread over the year; now and then somebody who has had a program gets one again. */
const planStarts = (life: Life, { programs, days }: Options): void => {
  const { random, agenda, units } = life;
  const residents: Resident[] = [];
  for (let number = 1; number <= programs; number += 1) {
    const isKnown = residents.length > 0 && random.happens(restarting);
    const resident = isKnown ? random.pick(residents) : aResident(random, number);
    residents.push(resident);
    const unit = random.pick(units);
    agenda.plan(random.between(0, Math.floor(days * 0.85)), officeTime(random), () => start(life, unit, resident));
  }
};

const ticks = [6 * 60, 12 * 60, 18 * 60];
const [daysInWeek, daysInMonth] = [7, 30];

const planUnit = (life: Life, unit: Unit, day: number): void => {
  const { agenda, random } = life;
  const plan = (run: () => Promise<void>): void => agenda.plan(day, officeTime(random), run);
  if (day % daysInWeek === 1) plan(() => lookAfter(life, unit));
  if (day % daysInWeek === 2) plan(() => purge(life, unit));
  if (day > 0 && day % daysInMonth === 0) plan(() => turnOver(life, unit, day / daysInMonth));
};

const planRoutines = (life: Life, folja: Folja, { days }: Options, ticked: (sum: TickSum) => void): void => {
  const { agenda, random, units } = life;
  for (let day = 0; day < days; day += 1) {
    for (const minute of ticks) agenda.plan(day, minute, async () => ticked(await folja.tick()));
    if (random.happens(0.3)) agenda.plan(day, officeTime(random), () => pry(life));
    for (const unit of units) planUnit(life, unit, day);
  }
  const month = (): string => agenda.day().slice(0, 7);
  agenda.plan(Math.floor(days * 0.4), officeTime(random), () => publish(life, 'minor', month()));
  agenda.plan(Math.floor(days * 0.65), officeTime(random), () => publish(life, 'major', month()));
};

export type TickSum = { readonly reminders: number; readonly expired: number; readonly delivered: number };

/** A region with its units, and everything that is going to happen in it. */
export const aYear = async (
  given: { readonly folja: Folja; readonly calling: Calling; readonly random: Random; readonly agenda: Agenda },
  options: Options,
): Promise<{ readonly life: Life; readonly sum: () => TickSum; readonly ends: number }> => {
  const { folja, calling, random, agenda } = given;
  const units = await openRegion(calling, random, options.units);
  const life: Life = { calling, random, agenda, units, programs: new Map() };
  let sum: TickSum = { reminders: 0, expired: 0, delivered: 0 };
  planStarts(life, options);
  planRoutines(life, folja, options, (more) => {
    const { reminders, expired, delivered } = more;
    sum = {
      reminders: sum.reminders + reminders,
      expired: sum.expired + expired,
      delivered: sum.delivered + delivered,
    };
  });
  return { life, sum: () => sum, ends: agenda.now().getTime() + options.days * aDay };
};
