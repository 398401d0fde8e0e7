import * as E from 'fp-ts/lib/Either.js';
import { passingDatabase } from '../../eventStore/memoryDatabase.ts';
import { type Comparison, compareWithRebuild, type Difference } from '../../projections/comparing.ts';
import { counted } from '../formats.ts';
import type { Looked } from '../looking.ts';
import type { Progress } from '../progress.ts';
import type { Problem } from './result.ts';

const problemOf = ({ table, missing, surplus }: Difference): Problem => ({
  kind: 'view',
  what: `${table}: ${counted(missing, 'row')} missing, ${surplus} too many`,
});

const otherVersion: Problem = {
  kind: 'views',
  what: 'they are of another version of Folja, which makes them anew when it opens the store',
};

/** Damage may stop it anywhere; what it is, the look at the log has told. */
const compared = async ({ db, events }: Looked, onProgress: Progress): Promise<Comparison | undefined> => {
  const built = await passingDatabase();
  try {
    return E.getOrElse((): Comparison | undefined => undefined)(
      await compareWithRebuild(events, db, built, onProgress),
    );
  } catch {
    return undefined;
  } finally {
    built.close();
  }
};

/** Compares every table of every view with what the events give. */
export const viewResult = async (
  looked: Looked,
  onProgress: Progress,
): Promise<{ readonly tables: number; readonly problems: readonly Problem[] }> => {
  const comparison = await compared(looked, onProgress);
  if (comparison === undefined)
    return { tables: 0, problems: [{ kind: 'views', what: 'the log or its tables are damaged' }] };
  if (comparison.kind === 'other-version') return { tables: 0, problems: [otherVersion] };
  return { tables: comparison.tables, problems: comparison.differences.map(problemOf) };
};
