import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { programIdOf } from '../../eventStore/streams.ts';
import { checkpoint } from '../checkpoints.ts';
import { unreadByResident } from '../conversations.ts';
import { type ProgramRow, programRows } from '../programs.ts';
import { titlesIn } from '../templates.ts';
import { type Asking, cut, pageOf, paging, readCursor, snapshot, type View } from '../view.ts';
import { mayRead, ownStreams, rowsOfToday } from './shared.ts';

const Query = z.strictObject({ view: z.literal('my-programs'), ...paging });
type Query = z.infer<typeof Query>;

const name = 'my-programs';

const present = (db: Database, asking: Asking, rows: readonly ProgramRow[]) => {
  const today = rowsOfToday(asking, new Map(rows.map((row) => [row.programId, row])));
  const [titleOf, unread] = [
    titlesIn(db),
    unreadByResident(
      db,
      rows.map(({ programId }) => programId),
    ),
  ];
  return rows.map((row) => ({
    programId: row.programId,
    title: titleOf(row),
    readable: mayRead(asking, today.get(row.programId)),
    writable: row.status === 'ongoing',
    unread: unread.get(row.programId) ?? 0,
  }));
};

/** The programs of the resident who asks, on whatever unit, oldest first (R074, R075). */
export const myPrograms: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const own = await ownStreams(asking);
    if (E.isLeft(own)) return own;
    const after = readCursor(name, query, 0);
    if (E.isLeft(after)) return after;
    const { rows, next, asOf } = snapshot(asking, (db) => {
      const all = programRows(db, own.right.map(programIdOf));
      const found = [...all.values()].filter(({ startedPosition }) => startedPosition > after.right);
      const sorted = found.toSorted((one, other) => one.startedPosition - other.startedPosition);
      const page = cut(name, sorted, query, ({ startedPosition }) => startedPosition);
      return { rows: present(db, asking, page.rows), next: page.next, asOf: checkpoint(db, 'inline') };
    });
    return E.right({
      answer: pageOf(rows, next, asOf),
      programs: rows.map(({ programId }) => programId),
      asOf,
    });
  },
};
