import type { RefusalCode } from '../decider.ts';
import type { TemplateContent } from '../template/content.ts';

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
  /** Whether the duty in `record-documentation` is one of the program's (R252–R261). */
  readonly isDuty?: boolean;
  /** How many duties of the program are not documented; for the warning of a purge (R261). */
  readonly openDuties?: number;
};
