import type { Database } from 'better-sqlite3';
import type * as E from 'fp-ts/lib/Either.js';
import type { EventStore, StoreError } from '../eventStore/eventStore.ts';
import { currentTurn } from '../eventStore/turns.ts';
import { catchUp } from './catchingUp.ts';

type Answer = Promise<E.Either<StoreError, unknown>>;

const asked = new WeakMap<Database, { readonly turn: number; readonly answer: Answer }>();

/**
 * Resolves when the inline read models show everything that was committed when it was asked: for rules that ask them, and for views. All who
 * ask in one turn of the event loop share one look.
 */
export const inStep = (events: Pick<EventStore, 'readAll' | 'lastPosition'>, db: Database): Answer => {
  const turn = currentTurn();
  const shared = asked.get(db);
  if (shared?.turn === turn) return shared.answer;
  const answer = catchUp(events, db, 'inline');
  asked.set(db, { turn, answer });
  return answer;
};
