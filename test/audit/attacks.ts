import { canonicalJson, leafDigest } from '../../src/eventStore/codec.ts';

/** A stored event as JSON, to be changed. */
export type Body = Record<string, unknown>;

/** A log after an attack. */
export type Attacked = { readonly kind: string; readonly at: number; readonly bodies: readonly Body[] };

const other = (value: unknown): unknown => {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') return value.replace(/.$/u, (last) => (last === '0' ? '1' : '0'));
  return { ...(value as object), forged: true };
};

/** Every change of one field of one event. */
export const fieldChanges = (bodies: readonly Body[]): readonly Attacked[] =>
  bodies.flatMap((body, at) =>
    Object.keys(body).map((field) => ({
      ...{ kind: `change of ${field}`, at },
      bodies: bodies.with(at, { ...body, [field]: other(body[field]) }),
    })),
  );

/** Every deletion, insertion, swap, duplicate and truncation. */
export const moves = (bodies: readonly Body[]): readonly Attacked[] =>
  bodies.flatMap((body, at): readonly Attacked[] => {
    const next = bodies[at + 1];
    const forged = { ...body, id: 'ffffffff-ffff-8fff-8fff-ffffffffffff', at: '2026-03-02T08:00:00.001Z' };
    return [
      { kind: 'deletion', at, bodies: bodies.toSpliced(at, 1) },
      { kind: 'insertion', at, bodies: bodies.toSpliced(at, 0, forged) },
      ...(next === undefined ? [] : [{ kind: 'swap', at, bodies: bodies.with(at, next).with(at + 1, body) }]),
      { kind: 'duplicate', at, bodies: bodies.toSpliced(at, 0, body) },
      { kind: 'truncation', at, bodies: bodies.slice(0, at) },
    ];
  });

const shifted = new WeakMap<Body, Map<number, Body>>();

/** The event at another revision; the same one each time, so that its text is made once. */
const moved = (body: Body, revision: number): Body => {
  const known = shifted.get(body) ?? new Map<number, Body>();
  shifted.set(body, known);
  const found = known.get(revision) ?? { ...body, revision };
  known.set(revision, found);
  return found;
};

/** What whoever covers the traces does: gives every stream revisions without a gap again. */
export const covered = (bodies: readonly Body[]): readonly Body[] => {
  const heads = new Map<unknown, number>();
  return bodies.map((body) => {
    const revision = heads.get(body.stream) ?? 0;
    heads.set(body.stream, revision + 1);
    return body.revision === revision ? body : moved(body, revision);
  });
};

const texts = new WeakMap<Body, string>();

/** The text of an event as it is stored. */
export const textOf = (body: Body): string => {
  const known = texts.get(body) ?? canonicalJson(body);
  texts.set(body, known);
  return known;
};

/** The leaf of an event. */
export const leafOf = (body: Body): Buffer => leafDigest(textOf(body));

/** How many attacks of each kind were tried and found. */
export const tally = () => {
  const counts = new Map<string, { tried: number; found: number }>();
  return {
    count: (kind: string, isFound: boolean): void => {
      const known = counts.get(kind) ?? { tried: 0, found: 0 };
      counts.set(kind, { tried: known.tried + 1, found: known.found + (isFound ? 1 : 0) });
    },
    sum: () =>
      [...counts.values()].reduce((sum, { tried, found }) => ({ tried: sum.tried + tried, found: sum.found + found })),
    text: (title: string): string =>
      `${title}: ${[...counts].map(([kind, { tried, found }]) => `${kind} ${found}/${tried}`).join(', ')}\n`,
  };
};
