import { describe, test } from 'vitest';
import { commands, ended, formOpened, formSaved, formSubmitted, given, ongoing, programId, tobak } from './programs.ts';

const end = commands['end-program'];
/** The only follow-up that is not due by now is the last, in step 7 after twelve months. */
const beforeTheLast = { at: '2027-03-01T08:00:00.000Z' };
const remind = (followUpId: string) => ({
  type: 'send-reminder' as const,
  data: { programId, about: { followUpId } },
});
const last = { moduleId: 'steg-7', formId: 'fragor' };
const warned = ended({ warnedOf: ['follow-ups-remain'] });

describe('the end of a program', () => {
  test('R222 R224 D19 warns of a follow-up until its due day', () => {
    given(...ongoing())
      .when(end, beforeTheLast)
      .thenEvents(warned);
    given(...ongoing())
      .when(end, { at: '2027-03-01T22:59:59.999Z' })
      .thenEvents(warned);
    given(...ongoing())
      .when(end, { at: '2027-03-01T23:00:00.000Z' })
      .thenEvents(ended());
  });

  test('R224 warns of none whose form is submitted already, opened or not', () => {
    for (const after of [[], [formOpened()]])
      given(...ongoing(), ...[formSubmitted(), ...after].map((event) => ({ ...event, data: last })))
        .when(end, beforeTheLast)
        .thenEvents(ended());
  });

  test('R140 R224 warns of one whose form is only a draft', () => {
    given(...ongoing(), { ...formSaved(), data: last })
      .when(end, beforeTheLast)
      .thenEvents(warned);
  });

  test('R224 warns of one when another form is submitted, of another step or of the same', () => {
    for (const other of [
      { moduleId: 'steg-6', formId: 'fragor' },
      { moduleId: 'steg-7', formId: 'avslutningsfragor' },
    ])
      given(...ongoing(), { ...formSubmitted(), data: other })
        .when(end, beforeTheLast)
        .thenEvents(warned);
  });

  test('R224 warns by the form of the follow-up, whatever its name', () => {
    const closing = { moduleId: 'steg-7', formId: 'avslutningsfragor' };
    const followUps = [{ id: 'avslutning', afterMonths: 12, ...closing }];
    const facts = { template: { ...tobak.template, content: { ...tobak.template.content, followUps } } };
    given(...ongoing(), { ...formSubmitted(), data: closing })
      .when(end, beforeTheLast, facts)
      .thenEvents(ended());
    given(...ongoing(), { ...formSubmitted(), data: last })
      .when(end, beforeTheLast, facts)
      .thenEvents(warned);
    given(...ongoing(), { ...formSubmitted(), data: closing })
      .when(remind('avslutning'), { at: '2027-03-02T08:00:00.000Z' }, facts)
      .thenRefused('form-already-submitted');
  });

  test('R224 D19 counts months from the day of the start in Sweden', () => {
    const lateOnSunday = ongoing().map((event) => ({ ...event, at: '2026-03-01T23:30:00.000Z' }));
    given(...lateOnSunday)
      .when(end, { at: '2027-03-01T22:59:59.999Z' })
      .thenEvents(warned);
    const earlierOnSunday = ongoing().map((event) => ({ ...event, at: '2026-03-01T22:30:00.000Z' }));
    given(...earlierOnSunday)
      .when(end, { at: '2027-02-28T23:00:00.000Z' })
      .thenEvents(ended());
  });
});
