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

/** The same table without its types: damage makes anything of a key. */
const untyped = (rows: string): string => `
  DROP TABLE enabled_templates;
  CREATE TABLE enabled_templates (template_id, unit_id, PRIMARY KEY (template_id, unit_id)) WITHOUT ROWID;
  INSERT INTO enabled_templates (template_id, unit_id) VALUES ${rows};
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

  test('P11 puts keys of any type in the order of SQLite, and ends', async () => {
    const [live, beside] = [await memoryDatabase(), await memoryDatabase()];
    for (const db of [live, beside]) prepareReadModels(db);
    live.exec(untyped("(1, 'u'), (2.5, 'u'), ('a', x'01'), (x'01', 'u'), (x'02', 'u')"));
    beside.exec(untyped("(1, 'u'), (2.5, x'00'), ('a', x'01'), ('b', 'u'), (x'02', 'u'), (x'03', 'u')"));
    expect(await compareWithRebuild(empty, live, beside)).toMatchObject({
      right: { differences: [{ table: 'enabled_templates', missing: 3, surplus: 2 }] },
    });
  });
});
