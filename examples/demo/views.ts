// What the views give, as far as the demo shows it: docs/guide.md lists what else there is.

export type Program = {
  readonly programId: string;
  readonly title: string;
  readonly name: string;
  readonly personalNumber: string;
  readonly startedOn: string;
  readonly lastActiveAt?: string;
  readonly clinician: { readonly name: string };
  readonly flags: readonly { readonly type: string; readonly severity: string; readonly count: number }[];
  readonly endedOn?: string;
  readonly handover?: { readonly fromUnit: string; readonly toUnit: string; readonly since: string };
};

export type Module = {
  readonly title: string;
  readonly obligation: string;
  readonly state: string;
  readonly current: boolean;
  readonly progress: string;
  readonly daysLeft?: number;
  readonly finishedAt?: string;
};

export type Managed = Omit<Program, 'flags'> & {
  readonly version: string;
  readonly welcomeText: string;
  readonly modules: readonly Module[];
  readonly flags: readonly { readonly type: string; readonly severity: string; readonly since: string }[];
};

export type StartPage = {
  readonly welcomeText: string;
  readonly clinicianName: string;
  readonly unread: number;
  readonly writable: boolean;
  readonly readableUntil?: string;
  readonly modules: readonly Module[];
};

export type OwnProgram = {
  readonly title: string;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly unread: number;
};

export type Conversation = {
  readonly subject: string;
  readonly messages: number;
  readonly unread: number;
  readonly lastAt: string;
  readonly answerDueOn?: string;
};

export type Message = {
  readonly sender: string;
  readonly addressee?: string;
  readonly body: string;
  readonly at: string;
  readonly readAt?: string;
};

export type ToPurge = {
  readonly programId: string;
  readonly endedOn: string;
  readonly days: number;
  readonly openDuties: number;
  readonly readableUntil?: string;
};

export type Entry = {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly name?: string;
  readonly role?: string;
  readonly unitId?: string;
  readonly action: string;
  readonly subjects: readonly { readonly personalNumber?: string }[];
  readonly outcome: string;
  readonly code?: string;
};
