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
  readonly flags: readonly Flag[];
};

export type Flag = {
  readonly flagId: string;
  readonly type: string;
  readonly severity: string;
  readonly since: string;
};

export type StartPage = {
  readonly welcomeText: string;
  readonly clinicianName: string;
  readonly unread: number;
  readonly writable: boolean;
  readonly readableUntil?: string;
  readonly absence?: { readonly from: string; readonly to: string; readonly text: string };
  readonly followUps: readonly { readonly id: string; readonly title: string; readonly dueOn: string }[];
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

export type Erasure = {
  readonly purgedAt: string;
  readonly disposalDecision: string;
  readonly erasure: string;
  readonly waitingFor?: readonly string[];
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

export type FormAnswers = {
  readonly state: string;
  readonly answers: Readonly<Record<string, string>>;
  readonly submittedAt?: string;
};

export type Comment = {
  readonly commentId: string;
  readonly moduleId: string;
  readonly sectionId: string;
  readonly at: string;
  readonly text: string;
  readonly readAt?: string;
};

export type Occasion = {
  readonly occasion: string;
  readonly closes: string;
  readonly state: string;
  readonly titles: readonly string[];
  readonly answers?: readonly string[];
};

export type Happening = {
  readonly at: string;
  readonly type: string;
  readonly by: string;
  readonly summary: Readonly<Record<string, string>>;
};

export type Duty = {
  readonly dutyId: string;
  readonly cause: string;
  readonly since: string;
  readonly code?: string;
  readonly attribute?: string;
};

export type Case = {
  readonly name: string;
  readonly title: string;
  readonly clinician: string;
  readonly clinicianActive: boolean;
  readonly actionFlags: number;
  readonly overdueAnswers: number;
  readonly overTwoYears: boolean;
};

export type Count = {
  readonly unitId: string;
  readonly month: string;
  readonly started: number;
  readonly ended: number;
  readonly ongoing: number;
  readonly messages: number;
};

export type Undelivered = {
  readonly to: string;
  readonly channel: string;
  readonly about: string;
  readonly attempts: number;
  readonly state: string;
};

export type Access = {
  readonly at: string;
  readonly unit: string;
  readonly action: string;
};

export type Written = { readonly format: string; readonly exportedAt: string; readonly [part: string]: unknown };
