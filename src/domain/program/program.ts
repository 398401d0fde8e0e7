import * as E from 'fp-ts/lib/Either.js';
import type { Circumstances, Decider, Decision, RefusalCode } from '../decider.ts';
import { refused } from '../decider.ts';
import type { TemplateContent } from '../template/content.ts';
import { dayOf } from '../time.ts';
import type { ProgramCommand } from './commands.ts';
import { readConversation, reply, sideOf, startConversation } from './conversations.ts';
import { closeMaintenance, end, purge } from './ending.ts';
import { decideModules, opening } from './modules.ts';
import { decideResident } from './resident.ts';
import { type Ended, evolve, isReadable, type Ongoing, type Program, type ProgramStreamEvent } from './state.ts';

/** The unit as far as a start asks. */
export type StartingUnit = {
  readonly unitId: string;
  readonly careProviderId: string;
  readonly county: string;
  readonly environment: 'production' | 'training';
  readonly kind: string;
  readonly ready: boolean;
  readonly templateEnabled: boolean;
};

/** What a decision about a program needs beside the program's own history. */
export type ProgramFacts = {
  /** The content that the program runs on; at a start, the newest version. */
  readonly template?: { readonly major: number; readonly minor: number; readonly content: TemplateContent } | undefined;
  readonly start?: {
    readonly unit: StartingUnit;
    /** A new key for what this program seals. */
    readonly keyId: string;
    /** Whether the resident has this program ongoing on the unit already (D27). */
    readonly alreadyOngoing: boolean;
    readonly isTestResident: boolean;
  };
  /** Why the clinician named in the command, or the one who starts, cannot be responsible; undefined when nothing forbids it. */
  readonly clinicianUnfit?: RefusalCode | undefined;
  /** Why a clinician may not start it, for a colleague either (R045, I03); undefined when nothing forbids it. */
  readonly starterUnfit?: RefusalCode | undefined;
  /** Whether the text in `change-welcome-text` is the one that lies sealed. */
  readonly sameText?: boolean;
};

type Of<Type extends ProgramCommand['type']> = Extract<ProgramCommand, { type: Type }>;
type Decided = Decision<ProgramStreamEvent>;
type Template = NonNullable<ProgramFacts['template']>;

const no = (code: RefusalCode): Decided => E.left(refused(code));

const forbidsStart = (
  data: Of<'start-program'>['data'],
  facts: ProgramFacts,
  named: boolean,
): RefusalCode | undefined => {
  const { start, template } = facts;
  if (template === undefined || start === undefined) return 'unknown-template';
  const { unit } = start;
  if (!unit.templateEnabled) return 'template-not-enabled';
  const { unitKinds } = template.content;
  if (unitKinds.length > 0 && !unitKinds.includes(unit.kind)) return 'unit-kind-not-allowed';
  if (!unit.ready) return 'unit-not-ready';
  if (facts.starterUnfit !== undefined) return facts.starterUnfit;
  if (facts.clinicianUnfit !== undefined) return named ? 'clinician-not-eligible' : facts.clinicianUnfit;
  if (unit.environment === 'training' && !start.isTestResident) return 'training-data-only'; // D26
  if (Object.values(data.attested).some((fact) => !fact)) return 'not-attested';
  return start.alreadyOngoing ? 'program-already-ongoing' : undefined;
};

const allOff = { inbox: false, sms: false, email: false };

const start = ({ data }: Of<'start-program'>, facts: ProgramFacts, { by }: Circumstances): Decided => {
  const clinician = data.clinician ?? by.hsaId ?? '';
  const forbidden = forbidsStart(data, facts, clinician !== by.hsaId);
  if (forbidden !== undefined) return no(forbidden);
  const { major, minor, content } = facts.template as Template;
  const { unit, keyId } = facts.start as NonNullable<ProgramFacts['start']>;
  const { unitId, careProviderId, county, environment } = unit;
  const { templateId, attested, notifications = allOff, resident } = data;
  return E.right([
    {
      type: 'started',
      data: {
        ...{ templateId, major, minor, unitId, careProviderId, county, environment, clinician },
        ...{ attested, notifications, keyId },
      },
      sealed: { personalNumber: resident.personalNumber, name: resident.name },
    },
    ...content.modules.filter(({ opensAtStart }) => opensAtStart).map((module) => opening(module)),
  ]);
};

const changeClinician = (
  { data: { clinician, reason } }: Of<'change-clinician'>,
  program: Ongoing,
  facts: ProgramFacts,
): Decided => {
  if (program.clinician === clinician) return E.right([]);
  return facts.clinicianUnfit === undefined
    ? E.right([{ type: 'clinician-changed', data: { from: program.clinician, to: clinician, reason } }])
    : no('clinician-not-eligible');
};

type OnOngoing = Exclude<ProgramCommand, Of<'start-program' | 'purge-program' | 'close-maintenance'>>;

const decideOngoing = (
  command: OnOngoing,
  program: Ongoing,
  circumstances: Circumstances,
  facts: ProgramFacts,
): Decided => {
  const { content } = facts.template as Template;
  switch (command.type) {
    case 'change-welcome-text':
      return facts.sameText === true
        ? E.right([])
        : E.right([{ type: 'welcome-text-changed', data: {}, sealed: { text: command.data.text } }]);
    case 'activate-module':
    case 'set-current-module':
    case 'complete-module':
    case 'change-module-days':
    case 'deactivate-module':
      return decideModules(command, program, content);
    case 'open-program':
    case 'open-section':
    case 'complete-section':
    case 'finish-module':
      return decideResident(command, program, content);
    case 'start-conversation':
      return startConversation(command, program, content, circumstances);
    case 'reply':
      return reply(command, program, content, circumstances);
    case 'read-conversation':
      return readConversation(command, program, sideOf(circumstances));
    case 'change-clinician':
      return changeClinician(command, program, facts);
    case 'end-program':
      return end(command, program, content, circumstances);
  }
};

/** Commands that only the responsible clinician gives (R018, R021). */
const responsibleOnly: ReadonlySet<ProgramCommand['type']> = new Set([
  'change-welcome-text',
  'activate-module',
  'set-current-module',
  'complete-module',
  'change-module-days',
  'deactivate-module',
  'start-conversation',
  'reply',
  'read-conversation',
  'end-program',
  'close-maintenance',
] as const);

const isIrresponsible = (
  { type }: ProgramCommand,
  program: Ongoing | Ended,
  { by, policy }: Circumstances,
): boolean => {
  if (by.kind !== 'staff' || !responsibleOnly.has(type)) return false;
  const byAdministrator = policy.ending.byResidentAdministrator && by.role === 'resident-administrator'; // D8
  return by.hsaId !== program.clinician && !(type === 'end-program' && byAdministrator);
};

/** After the end: staff may still read (D24); the resident may only look, while maintenance lasts (D12). */
const decideEnded = (command: OnOngoing, program: Ended, { at, by }: Circumstances): Decided => {
  if (by.kind === 'resident') return no(isReadable(program, dayOf(at)) ? 'read-only' : 'program-has-ended');
  return command.type === 'read-conversation' ? readConversation(command, program, 'staff') : no('program-has-ended');
};

const decideKnown = (
  command: Exclude<ProgramCommand, Of<'start-program'>>,
  program: Exclude<Program, { status: 'absent' }>,
  circumstances: Circumstances,
  facts: ProgramFacts,
): Decided => {
  if (command.type === 'purge-program') return purge(command, program, circumstances);
  if (program.status === 'purged') return no('program-purged');
  if (isIrresponsible(command, program, circumstances)) return no('not-responsible');
  if (command.type === 'close-maintenance') {
    return program.status === 'ended' ? closeMaintenance(program, circumstances) : no('program-not-ended');
  }
  return program.status === 'ended'
    ? decideEnded(command, program, circumstances)
    : decideOngoing(command, program, circumstances, facts);
};

/**
 * A program (moment): one resident's started support or treatment (R006–R008).
 *
 *     absent ──start──▶ ongoing ──end──▶ ended (perhaps readable for a while) ──purge──▶ purged
 *
 * A program may be started anew after its end: that is another program (R091, R092).
 */
export const program: Decider<Program, ProgramCommand, ProgramStreamEvent, ProgramFacts> = {
  initial: { status: 'absent' },
  evolve,
  decide: (command, state, circumstances, facts) => {
    if (command.type === 'start-program') {
      if (state.status === 'absent') return start(command, facts, circumstances);
      // Another unit's program is not disclosed, not even by its id being taken.
      return no(state.unitId === circumstances.by.unitId ? 'program-exists' : 'unknown-program');
    }
    return state.status === 'absent' ? no('unknown-program') : decideKnown(command, state, circumstances, facts);
  },
};
