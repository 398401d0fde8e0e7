import type { Notification } from '../clock/delivery.ts';
import type { Receipt } from '../commands/receipt.ts';
import type { Life, Step } from './lives.ts';
import type { Verdict } from './model/state.ts';
import type { Setting } from './setting.ts';
import type { AuditEntry, Event, Look, Picture, Said, Tables } from './shown.ts';
import type { Call } from './world.ts';

/** A call with its answer, and the part of the log that it wrote. */
export type Told = {
  readonly phase: 'set-up' | 'step' | 'look';
  readonly call: Call;
  readonly at: string;
  readonly after: number;
  readonly until: number;
  readonly said: Said;
  readonly expected: Verdict['kind'] | undefined;
};

/** How a call came out: a command that was sent before gives the receipt of then, which lies earlier in the log. */
export const outcomeOf = ({
  said,
  after,
}: Pick<Told, 'said' | 'after'>): 'changed' | 'unchanged' | 'repeated' | 'refused' | 'invalid' | 'failed' => {
  if ('left' in said) return said.left.kind === 'refused' || said.left.kind === 'invalid' ? said.left.kind : 'failed';
  const { events, position } = said.right as Receipt;
  if (events?.length === 0) return 'unchanged';
  return Number(position) <= after ? 'repeated' : 'changed';
};

/** The receipt of a command that was accepted. */
export const receiptOf = ({ said, call }: Told): Receipt | undefined =>
  'right' in said && call.kind === 'command' ? (said.right as Receipt) : undefined;

/** The code of a refusal. */
export const codeOf = ({ said }: Pick<Told, 'said'>): string | undefined => {
  if ('right' in said) return undefined;
  return said.left.kind === 'refused' ? said.left.code : said.left.kind;
};

/** What was seen of some programs right before and right after a command. */
export type Watch = {
  readonly told: Told;
  readonly about: string | undefined;
  readonly before: Readonly<Record<string, Picture>>;
  readonly after: Readonly<Record<string, Picture>>;
};

/** A program as its run left it, and as it is where nothing ever happened with somebody else's. */
export type Apart = {
  readonly programId: string;
  readonly without: string;
  readonly before: Picture;
  readonly after: Picture;
  /** What was accepted about it in one, and not in the other. */
  readonly differing: readonly string[];
};

/** What came of commands that were sent at the same moment: the answers, and all that was written then. */
export type Crowd = {
  readonly answers: readonly { readonly call: Extract<Call, { kind: 'command' }>; readonly said: Said }[];
  readonly events: readonly Event[];
};

/** A notification that the library means to send, as its table has it, and the position up to which everything had happened then. */
export type Intended = {
  readonly id: string;
  readonly programId: string | null;
  readonly unitId: string;
  readonly hsaId: string | null;
  readonly channel: string;
  readonly about: string;
  readonly position: number;
};

/** What was meant to be sent, and what the host was given when the clock came. */
export type Notified = { readonly intended: readonly Intended[]; readonly delivered: readonly Notification[] };

/** A whole run: what was asked and answered, what was stored, what was seen. */
export type Trace = {
  readonly setting: Setting;
  readonly life: Life;
  /** The steps that were taken. */
  readonly steps: readonly Step[];
  readonly told: readonly Told[];
  readonly events: readonly Event[];
  readonly heard: readonly unknown[];
  readonly looks: readonly Look[];
  readonly watches: readonly Watch[];
  /** The programs to which each personal text belongs. */
  readonly canaries: ReadonlyMap<string, ReadonlySet<string>>;
  /** Residents by program. */
  readonly owners: ReadonlyMap<string, string>;
  readonly audit: readonly AuditEntry[];
  readonly auditLengths: readonly number[];
  /** All read models before and after a rebuild, and the position at which the log was then; empty where none was made. */
  readonly tables: { readonly position: number; readonly incremental: Tables; readonly rebuilt: Tables };
  readonly crowd: Crowd;
  /** The statistics right before and right after each purge. */
  readonly counts: readonly { readonly before: Said; readonly after: Said }[];
  readonly apart: readonly Apart[];
  readonly notified: Notified;
  /** Where something personal was found that should not be. */
  readonly remnants: readonly string[];
};
