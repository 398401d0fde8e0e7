import type { Engine } from '../../src/eventStore/engine.ts';
import type { Notification } from '../../src/index.ts';

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

/** What has come into the outbox since some were seen. */
export const newIntents = (
  { readModels }: Engine,
  known: readonly Intended[],
  position: number,
): readonly Intended[] => {
  const seen = new Set(known.map(({ id }) => id));
  return readModels
    .prepare<[], Omit<Intended, 'position'>>(
      `SELECT id, program_id AS programId, unit_id AS unitId, hsa_id AS hsaId, channel, about FROM outbox ORDER BY seq`,
    )
    .all()
    .filter(({ id }) => !seen.has(id))
    .map((intent) => ({ ...intent, position }));
};
