import type { Actor, Folja, Problem, Receipt } from 'folja';
import type { Random } from './random.ts';

type Result<A> = { readonly _tag: 'Left'; readonly left: Problem } | { readonly _tag: 'Right'; readonly right: A };
export type Rows = { readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly next?: string };

/** What was called and what came of it, counted. */
type Tally = {
  calls: number;
  commands: number;
  views: number;
  readonly refusals: Map<string, number>;
  readonly accepted: Map<string, number>;
  /** Problems that are no refusals: there should be none. */
  readonly failures: string[];
  /** Repeats whose receipt was another than the first: there should be none. */
  differing: number;
  repeated: number;
};

/** How everybody in the simulation calls the library. */
export type Calling = {
  readonly tally: Tally;
  readonly send: (type: string, data: object, actor: Actor) => Promise<Receipt | undefined>;
  readonly see: <Answer>(
    query: { readonly view: string; readonly [field: string]: unknown },
    actor: Actor,
  ) => Promise<Answer | undefined>;
  /** All rows of a view of rows. */
  readonly list: <Row>(
    query: { readonly view: string; readonly [field: string]: unknown },
    actor: Actor,
  ) => Promise<readonly Row[]>;
};

const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);

const isIdRefused = (result: Result<Receipt>): boolean =>
  result._tag === 'Left' &&
  result.left.kind === 'invalid' &&
  result.left.issues.every(({ path, code }) => path === 'command.id' && code === 'personal-number');

/** One in so many commands is sent twice, as a network that lost the answer would have it. */
const repeatEvery = 0.02;
const pageSize = 200;

export const callingWith = (folja: Folja, { happens, uuid }: Random): Calling => {
  const tally: Tally = {
    ...{ calls: 0, commands: 0, views: 0, differing: 0, repeated: 0 },
    ...{ refusals: new Map(), accepted: new Map(), failures: [] },
  };
  const took = <A>(what: string, result: Result<A>): A | undefined => {
    tally.calls += 1;
    if (result._tag === 'Right') {
      count(tally.accepted, what);
      return result.right;
    }
    const { left } = result;
    if (left.kind === 'refused') count(tally.refusals, left.code);
    else tally.failures.push(`${what}: ${JSON.stringify(left)}`);
    return undefined;
  };
  /** One random id in some hundred thousand looks like a personal number by chance, and is not taken: another is drawn. */
  const first = async (type: string, data: object, actor: Actor) => {
    const command = { type, data, id: uuid() };
    const result = await folja.execute(command, actor);
    if (!isIdRefused(result)) return { command, result };
    tally.calls += 1;
    tally.commands += 1;
    const other = { ...command, id: uuid() };
    return { command: other, result: await folja.execute(other, actor) };
  };
  const send: Calling['send'] = async (type, data, actor) => {
    const { command, result } = await first(type, data, actor);
    const receipt = took(type, result);
    tally.commands += 1;
    if (receipt === undefined || receipt.events.length === 0 || !happens(repeatEvery)) return receipt;
    const again = took(type, await folja.execute(command, actor));
    tally.commands += 1;
    tally.repeated += 1;
    if (again?.position !== receipt.position || again.revision !== receipt.revision) tally.differing += 1;
    return receipt;
  };
  const see: Calling['see'] = async <Answer>(query: { readonly view: string }, actor: Actor) => {
    tally.views += 1;
    return took(query.view, await folja.view(query, actor)) as Answer | undefined;
  };
  const list: Calling['list'] = async <Row>(query: { readonly view: string }, actor: Actor) => {
    const rows: Row[] = [];
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await see<Rows>({ limit: pageSize, ...query, ...(cursor === undefined ? {} : { cursor }) }, actor);
      rows.push(...((page?.rows ?? []) as unknown as readonly Row[]));
      cursor = page?.next;
    }
    return rows;
  };
  return { tally, send, see, list };
};
