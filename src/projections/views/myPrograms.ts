import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { programIdOf } from '../../eventStore/streams.ts';

import { checkpoint } from '../checkpoints.ts';
import { countUnread } from '../conversations.ts';
import { programRow } from '../programs.ts';
import { titleFor } from '../templates.ts';
import { cut, limitOf, pageOf, paging, readCursor, snapshot, type View } from '../view.ts';
import { mayRead, ownStreams } from './shared.ts';

const Query = z.strictObject({ view: z.literal('my-programs'), ...paging });
type Query = z.infer<typeof Query>;

const name = 'my-programs';

/** The programs of the resident who asks, on whatever unit, oldest first (R074, R075). */
export const myPrograms: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const own = await ownStreams(asking);
    if (E.isLeft(own)) return own;
    const after = readCursor(name, query, 0);
    if (E.isLeft(after)) return after;
    const { found, asOf } = snapshot(asking, (db) => ({
      found: own.right
        .flatMap((stream) => programRow(db, programIdOf(stream)) ?? [])
        .filter(({ startedPosition }) => startedPosition > after.right)
        .slice(0, limitOf(query) + 1)
        .map((row) => ({
          key: row.startedPosition,
          programId: row.programId,
          title: titleFor(db, row),
          readable: mayRead(asking, row.programId),
          writable: row.status === 'ongoing',
          unread: countUnread(db, row.programId, 'staff'),
        })),
      asOf: checkpoint(db, 'inline'),
    }));
    const page = cut(name, found, query, ({ key }) => key);
    const rows = page.rows.map(({ key: _, ...row }) => row);
    return E.right({
      answer: pageOf(rows, page.next, asOf),
      programs: rows.map(({ programId }) => programId),
      asOf,
    });
  },
};
