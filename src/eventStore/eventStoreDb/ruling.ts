import * as E from 'fp-ts/lib/Either.js';
import { type Append, type LogView, type Ruling, ruleOn } from '../appendRules.ts';
import type { StoreError } from '../eventStore.ts';
import { storeErrorOf } from '../sqliteWriter.ts';
import { clusterHead } from './applying.ts';
import { freshen } from './freshening.ts';
import type { Node } from './node.ts';
import type { Trying } from './trying.ts';

/** The log as this node has it. A writer that is ahead of its own node counts from what it has written. */
const viewFor = ({ log, tables }: Node, trying: Trying): LogView => {
  const { stream, expected } = trying.append;
  const local = log.tables.headOf(stream);
  const head = Math.max(clusterHead({ tables: log.tables, node: tables }, stream), trying.lane.head);
  // What is void has no effect, so a writer that expects what was before it is right.
  const seen = typeof expected === 'number' || expected === 'no-stream' ? local : head;
  return { ...log.tables, headOf: (name) => (name === stream ? seen : log.tables.headOf(name)) };
};

/** Rules on an append by what this node has seen. */
export const ruleLocally = (node: Node, trying: Trying): E.Either<StoreError, Ruling> => {
  const { append } = trying;
  const { holds } = append.options;
  const asking = (lookup: (tag: Uint8Array) => readonly string[]): boolean => {
    trying.isAsked = true;
    return holds?.(lookup) ?? true;
  };
  const options = holds === undefined ? append.options : { ...append.options, holds: asking };
  try {
    return ruleOn({ ...append, options }, viewFor(node, trying));
  } catch (error) {
    return E.left(storeErrorOf(error));
  }
};

/** A writer that expects more than this node has seen was told so by another node: this one catches up, and rules again. */
export const rule = async (node: Node, trying: Trying): Promise<E.Either<StoreError, Ruling>> => {
  const ruling = ruleLocally(node, trying);
  const { stream, expected } = trying.append;
  if (E.isRight(ruling) || ruling.left.kind !== 'revision-conflict') return ruling;
  if (typeof expected !== 'number' || expected <= ruling.left.actual) return ruling;
  const fresh = await freshen(node, stream, trying.until);
  return E.isLeft(fresh) ? fresh : ruleLocally(node, trying);
};

/** Ends a condition that was only asked what it is about. */
const heardEnough = new Error('heard enough');

/**
 * What the condition of an append asks about, as the name of a turn: of two appends that ask about one resident at once, this node lets the second ask
 * when the first has come back. Undefined where nothing is asked. Between nodes nothing does that.
 */
export const askedAbout = ({ log }: Node, { events, options: { holds } }: Append): string | undefined => {
  let about: string | undefined;
  try {
    const known = log.tables.find(events.map(({ id }) => id));
    if (E.isLeft(known) || known.right.length > 0) return undefined;
    holds?.((tag) => {
      about = `about ${Buffer.from(tag).toString('hex')}`;
      throw heardEnough;
    });
  } catch {
    // What else it fails with it fails with again where it is ruled on, and is answered there.
  }
  return about;
};
