import type { Looked } from '../looking.ts';
import type { Problem } from './result.ts';

const damaged: Problem = { kind: 'pages' };

/**
 * Whether the pages of the file are whole, and every index says what its table does: what is looked up in a damaged index is not found, or is
 * something else, while the rows themselves are as they were.
 */
export const pageProblems = ({ db }: Pick<Looked, 'db'>): readonly Problem[] => {
  try {
    return db.pragma('integrity_check(1)', { simple: true }) === 'ok' ? [] : [damaged];
  } catch {
    return [damaged];
  }
};
