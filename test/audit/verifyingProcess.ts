import Sqlite from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { Evidence } from '../../src/eventStore/eventStore.ts';
import { passingDatabase } from '../../src/eventStore/memoryDatabase.ts';
import { eventsReadIn } from '../../src/eventStore/sqliteReadOnly.ts';
import { verifyingStore } from '../../src/operations/verifyingStore.ts';
import { compareWithRebuild } from '../../src/projections/comparing.ts';

// Goes through a store as whoever verifies it does, in a process of its own: how much memory it may have is said when it is begun.

const [, , path = '', isKeeping] = process.argv;

const db = new Sqlite(path, { readonly: true });
const events = eventsReadIn({ db, storeId: '' });
const anchors = { latest: () => undefined, heads: () => [], publicKey: () => undefined };

const kept: unknown[] = [];
const keep = (rows: readonly Evidence[]): readonly Evidence[] => {
  kept.push(...rows.map((row) => [row, JSON.parse(row.body), JSON.parse(row.body)]));
  return rows;
};

/** As if a verification kept what it has seen. */
const keeping: typeof events.evidence = (after, most) => async () => E.map(keep)(await events.evidence(after, most)());

const { ok, entries } = await verifyingStore({
  ...{ events: isKeeping === 'keeping' ? { ...events, evidence: keeping } : events },
  ...{ readModels: db, anchors },
});
const beside = await passingDatabase();
const compared = await compareWithRebuild(events, db, beside);
beside.close();
db.close();
process.stdout.write(JSON.stringify({ ok, entries, compared: E.toUnion(compared) }));
