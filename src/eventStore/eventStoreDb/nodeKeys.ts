import type { Database } from 'better-sqlite3';
import type { ArrivedTold } from './records.ts';

/** What nodes tell one another of keys and of the master keys that wrap them. */
type KeyNews = Extract<
  ArrivedTold,
  { type: 'key-made' | 'key-named' | 'key-destroyed' | 'epoch-opened' | 'epoch-closed' }
>;

/**
 * What is told counts in the order of the log. A key that is told of behind the end of its master key is void: whoever ends one has then heard of
 * every key that it wraps, and whoever made a key sees whether it counts.
 */
const applying = (db: Database) => {
  const make = db.prepare<{ key: string; epoch: string }>(
    'INSERT OR REPLACE INTO key_ring (key_id, epoch) SELECT @key, @epoch ' +
      'WHERE NOT EXISTS (SELECT 1 FROM closed_epochs WHERE epoch = @epoch)',
  );
  const forget = db.prepare<[string]>('DELETE FROM key_ring WHERE key_id = ?');
  const name = db.prepare<[string, number, string]>(
    'INSERT INTO key_names (name, renewal, key_id) VALUES (?, ?, ?) ON CONFLICT (name, renewal) DO NOTHING',
  );
  const open = db.prepare<[string]>('DELETE FROM closed_epochs WHERE epoch = ?');
  const close = db.prepare<[string]>('INSERT INTO closed_epochs (epoch) VALUES (?) ON CONFLICT DO NOTHING');
  return ({ type, data, revision }: KeyNews): unknown => {
    switch (type) {
      case 'key-made':
        return make.run({ key: data.keyId, epoch: data.epoch });
      case 'key-named':
        return name.run(data.name, revision, data.keyId);
      case 'key-destroyed':
        return forget.run(data.keyId);
      case 'epoch-opened':
        return open.run(data.epoch);
      case 'epoch-closed':
        return close.run(data.epoch);
    }
  };
};

/** The statements over what a node knows of keys: never a wrapped one. */
export const nodeKeysOf = (db: Database) => {
  const named = db
    .prepare<[string], string>('SELECT key_id FROM key_names WHERE name = ? ORDER BY renewal DESC')
    .pluck();
  const epoch = db.prepare<[string], string>('SELECT epoch FROM key_ring WHERE key_id = ?').pluck();
  const epochs = db.prepare<[], { readonly id: string; readonly keys: number }>(
    'SELECT epoch AS id, count(*) AS keys FROM key_ring GROUP BY epoch ORDER BY epoch',
  );
  const others = db
    .prepare<[string, string, number], string>(
      'SELECT key_id FROM key_ring WHERE epoch <> ? AND key_id > ? ORDER BY key_id LIMIT ?',
    )
    .pluck();
  const closed = db.prepare<[string], number>('SELECT EXISTS (SELECT 1 FROM closed_epochs WHERE epoch = ?)').pluck();
  return {
    /** Every key that ever had a name, the current one first. */
    keysNamed: (name: string): readonly string[] => named.all(name),
    /** The master key that wraps a key; undefined where the key was destroyed, or does not count. */
    epochOfKey: (keyId: string): string | undefined => epoch.get(keyId),
    keyEpochs: (): readonly { readonly id: string; readonly keys: number }[] => epochs.all(),
    /** Keys that another master key wraps, in the order of their ids. */
    keysOfOtherEpochs: (id: string, after: string, limit: number): readonly string[] => others.all(id, after, limit),
    isEpochClosed: (id: string): boolean => closed.get(id) === 1,
    applyKeyNews: applying(db),
  };
};
