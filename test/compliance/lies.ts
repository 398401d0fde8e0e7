import { amning } from '../../src/compliance/world.ts';
import { aboutContent } from './liesOfContent.ts';
import { aboutLooking } from './liesOfLooking.ts';
import { aboutPolicy } from './liesOfPolicy.ts';
import { aboutPromises } from './liesOfPromises.ts';
import { aboutViews } from './liesOfViews.ts';
import { accepted, add, event, type Lie, ofType, one, type Spoiled } from './spoiling.ts';

const stranger = 'SE2321000131-NOBODY';
const refusal = { left: { kind: 'refused' as const, code: 'not-permitted' as const } };

const messageOfResident = (trace: Spoiled) => event(trace, ({ data }) => data.addressee !== undefined);

const aboutHistories: readonly Lie[] = [
  ['answers', 'a refusal where the model expects none', (trace) => Object.assign(accepted(trace), { said: refusal })],
  [
    'shapes',
    'an event with a field too many',
    (trace) => Object.assign(ofType(trace, 'ended').data, { name: 'Tolvan' }),
  ],
  ...aboutPromises,
  ...aboutLooking,
  ['P4', 'a refusal that wrote to a program', (trace) => Object.assign(accepted(trace), { said: refusal })],
  [
    'P4',
    'another receipt',
    (trace) => {
      const told = accepted(trace, ({ call }) => call.kind === 'command' && call.id !== undefined);
      trace.told.push({ ...told, said: { right: { events: [{ id: 'other', type: 'other' }] } } });
    },
  ],
  [
    'P10',
    'a row that a rebuild does not give',
    (trace) => one(trace.tables.incremental.get('messages')).push({ position: 0 }),
  ],
  [
    'P10',
    'a value that a rebuild gives otherwise',
    (trace) => Object.assign(one(trace.tables.rebuilt.get('programs')?.[0]), { clinician: stranger }),
  ],
  [
    'I01',
    'a unit whose first role is another',
    (trace) => Object.assign(ofType(trace, 'role-granted').data, { role: 'clinician' }),
  ],
  [
    'I02',
    'a role that a stranger gave',
    (trace) => Object.assign(event(trace, ({ cause }) => cause.command === 'grant-role').by, { hsaId: stranger }),
  ],
  [
    'I03',
    'a start without consent',
    (trace) => Object.assign(one(ofType(trace, 'started').data.attested), { accepted: false }),
  ],
  [
    'I03',
    'a start by somebody who was no clinician yet',
    (trace) => Object.assign(ofType(trace, 'started').by, { unitRevision: 1 }),
  ],
  [
    'I04',
    'a handover to a stranger',
    (trace) => Object.assign(ofType(trace, 'handed-over').data, { clinician: stranger }),
  ],
  [
    'I05',
    'a module that opened with the start',
    (trace) => {
      const like = event(trace, ({ type, cause }) => type === 'module-activated' && cause.command === 'start-program');
      add(trace, like, { data: { ...like.data, moduleId: 'steg-7' } });
    },
  ],
  [
    'I05',
    'a resident in a module that nobody opened',
    (trace) => Object.assign(ofType(trace, 'section-opened').data, { moduleId: 'steg-7' }),
  ],
  [
    'I06',
    'a module that a resident opened',
    (trace) => add(trace, messageOfResident(trace), { type: 'module-activated', data: { moduleId: 'steg-7' } }),
  ],
  [
    'I08',
    'a chapter that a command opened',
    (trace) => {
      const started = event(trace, ({ type, data }) => type === 'started' && data.templateId === amning);
      const cause = { commandId: 'other', command: 'activate-module' };
      add(trace, started, { type: 'module-activated', data: { moduleId: 'kapitel-1' }, cause });
    },
  ],
  [
    'I13',
    'a message with the wrong addressee',
    (trace) => Object.assign(messageOfResident(trace).data, { addressee: stranger }),
  ],
  [
    'I15',
    'a second pending handover',
    (trace) => {
      const like = ofType(trace, 'handover-initiated');
      for (const handoverId of ['one', 'two']) add(trace, like, { data: { ...like.data, handoverId } });
    },
  ],
  [
    'I15',
    'a program that moved without an approval',
    (trace) => add(trace, ofType(trace, 'handed-over'), { cause: { commandId: 'other', command: 'change-clinician' } }),
  ],
  [
    'I15',
    'an approval by the sender',
    (trace) => {
      const approved = ofType(trace, 'handover-approved');
      const { handoverId } = approved.data;
      const initiated = event(
        trace,
        ({ type, data }) => type === 'handover-initiated' && data.handoverId === handoverId,
      );
      approved.by.unitId = one(initiated.data.fromUnit);
    },
  ],
  [
    'I19',
    'an end for a reason that is not the program’s',
    (trace) => Object.assign(ofType(trace, 'ended').data, { reason: 'annat' }),
  ],
  [
    'I19',
    'an end with another notice than was asked for',
    (trace) => {
      const { data } = ofType(trace, 'ended');
      data.notifyResident = data.notifyResident !== true;
    },
  ],
  [
    'I20',
    'a resident who wrote after the end',
    (trace) => add(trace, ofType(trace, 'ended'), { type: 'program-opened', by: { kind: 'resident' }, data: {} }),
  ],
  [
    'I20',
    'a module that was completed after the end',
    (trace) => add(trace, ofType(trace, 'ended'), { type: 'module-completed', data: { moduleId: 'steg-1' } }),
  ],
  [
    'I21',
    'a purge by another unit',
    (trace) => Object.assign(ofType(trace, 'purged').by, { unitId: 'SE2321000131-U9' }),
  ],
  [
    'I21',
    'a purge of what had not ended',
    (trace) => {
      const { stream } = ofType(trace, 'purged');
      event(trace, (found) => found.type === 'ended' && found.stream === stream).type = 'program-opened';
    },
  ],
];

/** For every invariant at least one thing that is not so, and that its check must find. */
export const lies: readonly Lie[] = [...aboutHistories, ...aboutViews, ...aboutContent, ...aboutPolicy];
