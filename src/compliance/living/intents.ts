import type { Engine } from '../../eventStore/engine.ts';
import type { Intended } from '../trace.ts';

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
