import * as E from 'fp-ts/lib/Either.js';
import { Uuid } from '../../domain/identifiers.ts';
import { keyIdOf } from '../../privacy/sealing.ts';
import type { StoreError } from '../eventStore.ts';
import { programStream } from '../streams.ts';
import type { StoredRecord } from './cluster.ts';
import { type Node, storeErrorOf, tell } from './node.ts';
import { fleshIn } from './records.ts';

type Done = E.Either<StoreError, void>;

const done: Done = E.right(undefined);
const day = 86_400_000;
/** So few at a time that nothing else waits for long. */
const atOnce = 20;
const pageSize = 500;

const keyStream = (keyId: string): string => `keys-${keyId}`;

const keysIn = (records: readonly StoredRecord[]): readonly string[] =>
  records.flatMap((record) => {
    const sealed = fleshIn(record)?.flesh.sealed;
    return sealed === undefined ? [] : (keyIdOf(sealed) ?? []);
  });

/** The keys that have sealed anything in a stream of flesh; none where it has ended. */
const sealingKeys = async ({ cluster }: Node, stream: string): Promise<E.Either<StoreError, ReadonlySet<string>>> => {
  const found = new Set<string>();
  for (let from = 0; ; ) {
    const page = await cluster.read(stream, { from, limit: pageSize });
    if (E.isLeft(page)) return page.left.kind === 'gone' ? E.right(found) : E.left(storeErrorOf(page.left));
    for (const keyId of keysIn(page.right)) found.add(keyId);
    const last = page.right.at(-1);
    if (last === undefined || page.right.length < pageSize) return E.right(found);
    from = last.revision + 1;
  }
};

/** A key with a name serves more than one stream, so it never goes with one of them. */
const hasName = ({ db }: Node, keyId: string): boolean =>
  db.prepare('SELECT 1 FROM key_names WHERE key_id = ?').get(keyId) !== undefined;

const endKey = async (node: Node, keyId: string): Promise<Done> => {
  if (hasName(node, keyId)) return done;
  const known = await node.cluster.last(keyStream(keyId));
  if (E.isLeft(known) && known.left.kind === 'gone') return done;
  const ended = await node.cluster.tombstone(keyStream(keyId));
  if (E.isLeft(ended)) return E.left(storeErrorOf(ended.left));
  return E.map(() => undefined)(await tell(node, { type: 'key-destroyed', data: { keyId } }));
};

/**
 * Ends a program's stream of flesh, after every key that has sealed anything in it: beside the key of the program those of attempts to start it that
 * came to nothing, which nobody else knows of.
 */
export const endFlesh = async (node: Node, stream: string): Promise<Done> => {
  const keys = await sealingKeys(node, stream);
  if (E.isLeft(keys)) return keys;
  for (const keyId of keys.right) {
    const ended = await endKey(node, keyId);
    if (E.isLeft(ended)) return ended;
  }
  return E.mapLeft(storeErrorOf)(await node.cluster.tombstone(stream));
};

/** The program that flesh lies in wait for; undefined for that of a unit or a log, whose stream is needed again. */
const programOf = (flesh: string): string | undefined => {
  const { data } = Uuid.safeParse(flesh.slice('flesh-'.length));
  return data === undefined ? undefined : programStream(data);
};

const settle = async (node: Node, flesh: string): Promise<E.Either<StoreError, boolean>> => {
  const program = programOf(flesh);
  const begun = program === undefined ? undefined : await node.cluster.last(program);
  if (begun !== undefined && E.isLeft(begun)) return E.left(storeErrorOf(begun.left));
  const isAbandoned = begun !== undefined && begun.right === undefined;
  const ended = isAbandoned ? await endFlesh(node, flesh) : done;
  if (E.isLeft(ended)) return ended;
  return node.log.writer.write(() => {
    node.tables.forgetLoneStream(flesh);
    return E.right(isAbandoned);
  });
};

/**
 * Ends what is left of starts that never came: flesh that has waited for its event for a day, and the key that sealed it. Flesh of a program that
 * did start is never served, and goes with that program.
 *
 * @returns how many programs it was that never started
 */
export const endAbandoned = async (node: Node, now = Date.now()): Promise<E.Either<StoreError, number>> => {
  let ended = 0;
  for (const flesh of node.tables.loneStreams(new Date(now - day).toISOString(), atOnce)) {
    const settled = await settle(node, flesh);
    if (E.isLeft(settled)) return settled;
    if (settled.right) ended += 1;
  }
  return E.right(ended);
};
