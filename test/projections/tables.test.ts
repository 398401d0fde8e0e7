import { describe, expect, test } from 'vitest';
import { all } from '../../src/projections/projection.ts';
import { readModelTables } from '../../src/projections/runner.ts';
import { aWorld, stores } from '../library/world.ts';

/** The event store's own tables, and what SQLite keeps for itself. */
const storeTables = ['audit_subjects', 'erasures', 'events', 'flesh', 'meta', 'sqlite_sequence', 'streams'];
const bookkeeping = ['checkpoints', 'projections'];

describe.each(stores)('the database %s', (kind) => {
  test('R242 holds no table but those of the store and of the read models, so that a purge forgets none', async () => {
    const { engine } = await aWorld(kind);
    const tables = all<{ readonly name: string }>(
      engine.readModels,
      `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`,
    ).map(({ name }) => name);
    const known = [...bookkeeping, ...readModelTables, ...(kind === 'in SQLite' ? storeTables : [])];
    expect(tables).toEqual([...known].sort());
  });
});
