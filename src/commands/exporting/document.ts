import type { HsaId, Uuid } from '../../domain/identifiers.ts';
import type { Instant } from '../../domain/time.ts';
import type { VersionedContent } from '../../projections/templates.ts';
import { type ActivityPart, type ContentPart, contentOf, plansOf } from './content.ts';
import { type Dialogue, dialogueOf } from './dialogue.ts';
import { given, lastOf, type Opened, ofType } from './recorded.ts';

type Program = {
  readonly programId: Uuid;
  readonly templateId: string;
  readonly title: string;
  readonly version: string;
  readonly unitId: HsaId;
  readonly careProviderId: HsaId;
  readonly clinician: HsaId;
  readonly status: 'ongoing' | 'ended';
  readonly startedAt: Instant;
  readonly attested: object;
  readonly notifications: object;
  readonly welcomeText?: string;
  readonly ended?: object;
};

/** One event, without its personal part: what happened, when, by whom. */
type Happening = {
  readonly position: string;
  readonly at: Instant;
  readonly type: string;
  readonly by: object;
  readonly data: object;
};

/**
 * Everything that the library holds of one program, as a data administrator writes it out before the purge (R029, R244). What the resident
 * has not submitted is left out of it: a draft is hers alone.
 */
export type ProgramDocument = {
  readonly format: 'folja-program-1';
  readonly exportedAt: Instant;
  readonly program: Program;
  readonly resident: { readonly personalNumber: string; readonly name: string };
  readonly content: ContentPart;
  readonly dialogue: Dialogue;
  readonly plans: readonly ActivityPart[];
  readonly handovers: readonly object[];
  readonly documentation: readonly object[];
  readonly history: readonly Happening[];
};

const programOf = (programId: Uuid, events: readonly Opened[], { version, content }: VersionedContent): Program => {
  const [started] = ofType(events, 'started') as readonly [Opened<'started'>];
  const moved = lastOf(events, 'handed-over')?.data;
  const responsible = ofType(events, 'clinician-changed', 'handed-over').at(-1)?.data;
  const ended = lastOf(events, 'ended');
  const { templateId, unitId, careProviderId, clinician, attested, notifications } = started.data;
  return {
    ...{ programId, templateId, title: content.title, version },
    unitId: moved?.toUnit ?? unitId,
    careProviderId: moved?.careProviderId ?? careProviderId,
    clinician: responsible === undefined ? clinician : 'to' in responsible ? responsible.to : responsible.clinician,
    status: ended === undefined ? 'ongoing' : 'ended',
    startedAt: started.at,
    attested,
    notifications: lastOf(events, 'resident-notifications-set')?.data ?? notifications,
    ...given('welcomeText', lastOf(events, 'welcome-text-changed')?.sealed.text),
    ...given('ended', ended === undefined ? undefined : { at: ended.at, ...ended.data }),
  };
};

const handoverTypes = ['handover-initiated', 'handover-approved', 'handover-denied', 'handover-withdrawn'] as const;

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
  const { personalNumber, name } = ofType(events, 'started')[0]?.sealed ?? {};
  if (personalNumber === undefined || name === undefined) return undefined;
  return {
    format: 'folja-program-1',
    exportedAt,
    program: programOf(programId, events, template),
    resident: { personalNumber, name },
    content: contentOf(events, template.content),
    dialogue: dialogueOf(events),
    plans: plansOf(events),
    handovers: ofType(events, ...handoverTypes).map(({ at, type, data }) => ({ at, type, ...data })),
    documentation: ofType(events, 'documentation-recorded').map(({ at, data }) => ({ at, ...data })),
    history: events.map(happening),
  };
};
