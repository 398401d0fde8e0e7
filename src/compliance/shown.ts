import type { Problem } from '../access/problem.ts';
import type { Schedule } from '../domain/program/schedule.ts';

/** The fields of stored events that the checks look at, of whatever type. */
type Data = {
  readonly [Name in
    | 'addressee'
    | 'careProviderId'
    | 'clinician'
    | 'code'
    | 'commentId'
    | 'conversationId'
    | 'environment'
    | 'flagId'
    | 'formId'
    | 'from'
    | 'fromUnit'
    | 'handoverId'
    | 'hsaId'
    | 'keyId'
    | 'kind'
    | 'messageId'
    | 'moduleId'
    | 'occasion'
    | 'planId'
    | 'profession'
    | 'employment'
    | 'readableUntil'
    | 'reason'
    | 'role'
    | 'sectionId'
    | 'side'
    | 'templateId'
    | 'to'
    | 'toUnit'
    | 'unitId'
    | 'what']?: string;
} & {
  readonly validTo?: string | null;
  readonly days?: number;
  readonly schedule?: Schedule;
  readonly graceDays?: number;
  readonly elements?: readonly string[];
  readonly major?: number;
  readonly minor?: number;
  readonly count?: number;
  readonly notifyResident?: boolean;
  readonly receive?: boolean;
  readonly channels?: readonly string[];
  readonly flagTypes?: readonly string[];
  readonly inbox?: boolean;
  readonly sms?: boolean;
  readonly email?: boolean;
  readonly notifications?: Readonly<Record<string, boolean>>;
  readonly assignments?: readonly string[];
  readonly trainings?: readonly string[];
  readonly templateIds?: readonly string[];
  readonly programs?: readonly string[];
  readonly attested?: Readonly<Record<string, boolean>>;
  readonly content?: {
    readonly endReasons: readonly { readonly code: string }[];
    readonly unitKinds: readonly string[];
    readonly eligibility: {
      readonly professions: readonly string[];
      readonly employments: readonly string[];
      readonly training?: string;
    };
  };
};

/** Who did it, as stored. */
type StoredBy = {
  readonly kind: string;
  readonly hsaId?: string;
  readonly role?: string;
  readonly unitId?: string;
  readonly unitRevision?: number;
  readonly office?: string;
  readonly process?: string;
};

/** A stored event, as the checks read it. */
export type Event = {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly type: string;
  readonly at: string;
  readonly data: Data;
  readonly by: StoredBy;
  readonly cause: { readonly commandId: string; readonly command: string };
  readonly sealedDigest?: string;
};

/** What the library said. */
export type Said = { readonly right: unknown } | { readonly left: Problem };

/** A module, as both sides' views show it. */
export type ShownModule = {
  readonly id: string;
  readonly state: string;
  readonly current: boolean;
  readonly progress: string;
  readonly daysLeft?: number;
  readonly finishedAt?: string;
  readonly sections: readonly { readonly id: string; readonly progress: string }[];
  readonly forms: readonly { readonly id: string; readonly visible: boolean; readonly state: string }[];
};

/** The fields of an answer that the checks look at, of whatever view. */
export type Shown = {
  readonly programId?: string;
  readonly unitId?: string;
  readonly clinician?: unknown;
  readonly status?: string;
  readonly modules?: readonly ShownModule[];
  readonly mandatoryDone?: boolean;
  readonly version?: string;
  readonly flags?: readonly {
    readonly flagId: string;
    readonly type: string;
    readonly link?: { readonly id?: string; readonly moduleId?: string };
  }[];
  readonly readable?: boolean;
  readonly writable?: boolean;
  readonly handover?: { readonly handoverId: string };
  readonly rows?: readonly Shown[];
};

/** What everybody sees of one program at one moment. */
export type Picture = {
  readonly staff: Said;
  readonly resident: Said;
  readonly conversations: Said;
  readonly each: readonly Said[];
  /** Absent where nothing of the kind was ever made. */
  readonly comments?: Said;
  readonly activities?: Said;
  /** In full pictures of what is not purged. */
  readonly timeline?: Said;
  readonly forms?: Readonly<Record<string, { readonly resident: Said; readonly staff: Said }>> | undefined;
};

/** What everybody sees of everything at one moment. */
export type Look = {
  readonly position: number;
  readonly at: string;
  readonly programs: Readonly<Record<string, Picture>>;
  readonly units: Readonly<Record<string, Readonly<Record<string, Said>>>>;
  readonly mine: Readonly<Record<string, Said>>;
};

/** A row of a table, and the rows of tables by name. */
export type Row = Readonly<Record<string, unknown>>;
export type Tables = ReadonlyMap<string, readonly Row[]>;

/** A row of the audit log as the log auditor sees it. */
export type AuditEntry = {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly role?: string;
  readonly unitId?: string;
  readonly careProviderId?: string;
  readonly authentication?: object;
  readonly action: string;
  readonly activity: string;
  readonly outcome: string;
  readonly code?: string;
  readonly count?: number;
  readonly subjects: readonly { readonly programId?: string }[];
};
