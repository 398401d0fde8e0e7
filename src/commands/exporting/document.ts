import type { By } from '../../domain/actors.ts';
import type { HsaId, Uuid } from '../../domain/identifiers.ts';
import type { Day, Instant } from '../../domain/time.ts';
import type { VersionedContent } from '../../projections/templates.ts';
import { type ActivityPart, type ContentPart, contentOf, plansOf } from './content.ts';
import { type Dialogue, dialogueOf } from './dialogue.ts';
import { type HandoverPart, handoversOf } from './handovers.ts';
import { given, lastOf, type Opened, ofType } from './recorded.ts';

/** How a program ended. */
type Ended = {
  readonly at: Instant;
  readonly reason: string;
  readonly residentAware: boolean;
  readonly notifyResident: boolean;
  readonly readableUntil?: Day;
  readonly warnedOf?: readonly string[];
};

/** The program itself: its template, who has it, and where it stands. */
export type ProgramPart = {
  readonly programId: Uuid;
  readonly templateId: string;
  readonly title: string;
  readonly version: string;
  readonly environment: 'production' | 'training';
  readonly unitId: HsaId;
  readonly careProviderId: HsaId;
  readonly clinician: HsaId;
  readonly status: 'ongoing' | 'ended';
  readonly startedAt: Instant;
  readonly attested: Readonly<Record<string, boolean>>;
  readonly notifications: { readonly inbox: boolean; readonly sms: boolean; readonly email: boolean };
  readonly welcomeText?: string;
  readonly ended?: Ended;
};

/** A contact that was registered in the journal's system. */
type Documented = { readonly at: Instant; readonly hsaId?: HsaId; readonly dutyId: Uuid; readonly code?: string };

/** One event, without its personal part: what happened, when, by whom. */
export type Happening = {
  readonly position: string;
  readonly at: Instant;
  readonly type: string;
  readonly by: By;
  readonly data: object;
};

/**
 * Everything that the library holds of one program, as a data administrator writes it out before the purge (R029, R244). What the resident
 * has not submitted is left out of it: a draft is the resident's alone.
 */
export type ProgramDocument = {
  readonly format: 'folja-program-1';
  readonly exportedAt: Instant;
  readonly program: ProgramPart;
  readonly resident: { readonly personalNumber: string; readonly name: string };
  readonly content: ContentPart;
  readonly dialogue: Dialogue;
  readonly plans: readonly ActivityPart[];
  readonly handovers: readonly HandoverPart[];
  readonly documentation: readonly Documented[];
  readonly history: readonly Happening[];
};

type Start = Opened<'started'>;

const responsibleIn = (events: readonly Opened[], { data }: Start): HsaId => {
  const last = ofType(events, 'clinician-changed', 'handed-over').at(-1)?.data;
  if (last === undefined) return data.clinician;
  return 'to' in last ? last.to : last.clinician;
};

const programOf = (
  programId: Uuid,
  events: readonly Opened[],
  started: Start,
  { version, content }: VersionedContent,
): ProgramPart => {
  const moved = lastOf(events, 'handed-over')?.data;
  const ended = lastOf(events, 'ended');
  const { templateId, environment, unitId, careProviderId, attested, notifications } = started.data;
  return {
    ...{ programId, templateId, title: content.title, version, environment },
    unitId: moved?.toUnit ?? unitId,
    careProviderId: moved?.careProviderId ?? careProviderId,
    clinician: responsibleIn(events, started),
    status: ended === undefined ? 'ongoing' : 'ended',
    startedAt: started.at,
    attested,
    notifications: lastOf(events, 'resident-notifications-set')?.data ?? notifications,
    ...given('welcomeText', lastOf(events, 'welcome-text-changed')?.sealed.text),
    ...given('ended', ended === undefined ? undefined : ({ at: ended.at, ...ended.data } as Ended)),
  };
};

const documentationOf = (events: readonly Opened[]): readonly Documented[] =>
  ofType(events, 'documentation-recorded').map(({ at, by, data: { dutyId, code } }) => ({
    ...{ at, dutyId },
    ...given('hsaId', by.hsaId),
    ...given('code', code),
  }));

const happening = ({ position, at, type, by, data }: Opened): Happening => ({
  ...{ at, type, by, data },
  position: String(position),
});

/** A program's document, from its whole history with the personal parts opened. Undefined when the resident's are erased. */
export const documentOf = (
  programId: Uuid,
  events: readonly Opened[],
  template: VersionedContent,
  exportedAt: Instant,
): ProgramDocument | undefined => {
  const [started] = ofType(events, 'started');
  const { personalNumber, name } = started?.sealed ?? {};
  if (started === undefined || personalNumber === undefined || name === undefined) return undefined;
  return {
    format: 'folja-program-1',
    exportedAt,
    program: programOf(programId, events, started, template),
    resident: { personalNumber, name },
    content: contentOf(events, template.content),
    dialogue: dialogueOf(events),
    plans: plansOf(events),
    handovers: handoversOf(events),
    documentation: documentationOf(events),
    history: events.map(happening),
  };
};
