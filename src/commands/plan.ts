import * as E from 'fp-ts/lib/Either.js';
import type { Acting } from '../access/actor.ts';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import type { By } from '../domain/actors.ts';
import type { Circumstances, Proposed, Refusal } from '../domain/decider.ts';
import { refused } from '../domain/decider.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { AppendOptions } from '../eventStore/eventStore.ts';
import type { KeyId } from '../privacy/keys.ts';

/** Everything that follows from a command before anything is written: what was read, what was decided, and how it is to be sealed. */
export type Plan = {
  readonly stream: string;
  /** The head that the decision was made on; -1 = no stream. */
  readonly revision: number;
  readonly heads: Readonly<Record<string, number>>;
  readonly decision: E.Either<Refusal, readonly Proposed[]>;
  /** The key for the personal parts; undefined where a stream has none. */
  readonly keyId: KeyId | undefined;
  /** The programs that the command is about, for the audit log. */
  readonly programs: readonly Uuid[];
  /** The number of the resident whom a start is about. */
  readonly starting?: { readonly personalNumber: string; readonly tag: Uint8Array };
  /** The number of the resident whose program comes to another unit. */
  readonly arriving?: string;
  readonly holds?: AppendOptions['holds'];
  readonly erasure?: AppendOptions['erasure'];
};

/** Who sends a command, judged; and the circumstances. */
export type Sender = { readonly acting: Acting; readonly by: By; readonly circumstances: Circumstances };

/** Reads what a command needs and decides it. */
export type Planner<Command> = (core: Core, command: Command, sender: Sender) => Promise<E.Either<Failure, Plan>>;

/** A plan that refuses without disclosing anything of the stream. */
export const refusing = (
  stream: string,
  revision: number,
  heads: Readonly<Record<string, number>>,
  code: Parameters<typeof refused>[0],
  programs: readonly Uuid[],
): E.Either<Failure, Plan> =>
  E.right({ stream, revision, heads, decision: E.left(refused(code)), keyId: undefined, programs });
