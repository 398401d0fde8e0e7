import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, test } from 'vitest';
import type { EventStore } from '../../src/eventStore/eventStore.ts';
import { memoryDatabase } from '../../src/eventStore/memoryDatabase.ts';
import { compareWithRebuild } from '../../src/projections/comparing.ts';
import { prepareReadModels } from '../../src/projections/runner.ts';

const empty: Pick<EventStore, 'readAll' | 'lastPosition'> = {
  readAll: () => TE.right([]),
  lastPosition: () => TE.right(0),
};

/** A table of which no row can be read, as where its page is damaged. */
const unreadable = `
  DROP TABLE enabled_templates;
  CREATE VIEW enabled_templates AS SELECT abs(-9223372036854775808) AS template_id, 1 AS unit_id;
`;

describe('a comparison of read models with what the events give', () => {
  test('P11 that damage stops leaves nothing open, so that its databases can be closed', async () => {
    const [live, beside] = [await memoryDatabase(), await memoryDatabase()];
    for (const db of [live, beside]) prepareReadModels(db);
    beside.exec("INSERT INTO enabled_templates (template_id, unit_id) VALUES ('a', 'b'), ('a', 'c')");
    live.exec(unreadable);
    await expect(compareWithRebuild(empty, live, beside)).rejects.toThrow('overflow');
    expect(live.inTransaction).toBe(false);
    expect(() => [live, beside].map((db) => db.close())).not.toThrow();
  });
});
