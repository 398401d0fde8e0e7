import type { Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import type { StoredEvent } from '../eventStore/eventStore.ts';
import { isProgramStream, programIdOf } from '../eventStore/streams.ts';

/** What a command led to. The same command sent again gives the same receipt. */
export type Receipt = {
  readonly commandId: Uuid;
  readonly stream: string;
  /** The stream's head after the command. */
  readonly revision: number;
  /** Place of the command's last event in the global order; see `Folja.caughtUp`. */
  readonly position: string;
  readonly at: Instant;
  /** Empty when what was asked for was already so. */
  readonly events: readonly { readonly id: Uuid; readonly type: string }[];
  /** Ids that the command made or took: programId, conversationId, messageId, handoverId, commentId, flagId, planId. */
  readonly ids: Readonly<Record<string, Uuid>>;
  readonly warnings?: readonly { readonly code: string }[];
  /** Of `purge-program` and `dispose-log-year`: whether every trace in the library's own files is gone, or what remains waits for a reader. */
  readonly erasure?: 'erased' | 'erasure-pending';
  /** Of `export-program`: everything of the program, made for this answer and never stored; made again when the command is repeated. */
  readonly document?: object;
};

const madeIds = ['conversationId', 'messageId', 'handoverId', 'commentId', 'flagId', 'planId'] as const;

const idsIn = ({ data }: StoredEvent): readonly (readonly [string, Uuid])[] =>
  madeIds.flatMap((name) => {
    const id = (data as Readonly<Record<string, unknown>>)[name];
    return typeof id === 'string' ? [[name, id] as const] : [];
  });

const warningsIn = ({ data }: StoredEvent): readonly string[] =>
  (data as { readonly warnedOf?: readonly string[] }).warnedOf ?? [];

/** The receipt that a command's events make; from the first time or read again, it is the same. */
export const receiptOf = (commandId: Uuid, events: readonly [StoredEvent, ...StoredEvent[]]): Receipt => {
  const [first] = events;
  const last = events.at(-1) ?? first;
  const { stream } = first;
  const program = isProgramStream(stream) ? { programId: programIdOf(stream) } : {};
  const warnings = events.flatMap(warningsIn).map((code) => ({ code }));
  return {
    commandId,
    stream,
    revision: last.revision,
    position: String(last.position),
    at: first.at,
    events: events.map(({ id, type }) => ({ id, type })),
    ids: { ...program, ...Object.fromEntries(events.flatMap(idsIn)) },
    ...(warnings.length === 0 ? {} : { warnings }),
  };
};
