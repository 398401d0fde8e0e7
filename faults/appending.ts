import { randomUUID } from 'node:crypto';
import type { Engine } from '../src/eventStore/engine.ts';
import type { NewEvent } from '../src/eventStore/eventStore.ts';
import type { Folja } from '../src/index.ts';
import { at, factsAt, maternity, region } from '../test/library/people.ts';
import { clock, programs } from './region.ts';

/** How many events a command appends, by its name. */
const sizes: ReadonlyMap<string, number> = new Map([
  ['activate-unit', 3],
  ['start-program', 4],
  ['start-conversation', 2],
]);

/** How many events an append of a command is to have; undefined where that differs. */
export const sizeOf = (command: string): number | undefined => {
  const imported = /^import-(\d+)$/.exec(command)?.[1];
  return imported === undefined ? sizes.get(command) : Number(imported);
};

/** What is appended to: an opened library, and its engine. */
export type Appending = { readonly folja: Folja; readonly engine: Engine };

/** What an append came to: done, or the kind of problem that it gave. */
export type Outcome = { readonly id: string; readonly outcome: string };

type Append = (appending: Appending, id: string) => Promise<string>;

const orKind = (
  result: { readonly _tag: 'Right' } | { readonly _tag: 'Left'; readonly left: { readonly kind: string } },
) => (result._tag === 'Right' ? 'done' : result.left.kind);

/** A new unit: three events in a stream of its own. */
const activateUnit: Append = async ({ folja }, id) => {
  const unit = { ...maternity, unitId: `SE2321000131-U${id.slice(0, 8)}` };
  const data = { ...unit, administrator: { ...factsAt(maternity, 'ba'), hsaId: `${unit.unitId}A` } };
  return orKind(await folja.execute({ type: 'activate-unit', data, id }, region));
};

/** A conversation in a program that is under way: two events with what is sealed beside them. */
const startConversation: Append = async ({ folja }, id) => {
  const data = { programId: programs[0], conversationId: id, subject: 'En fråga', body: 'Hur gör jag?' };
  return orKind(await folja.execute({ type: 'start-conversation', data, id }, at(maternity, 'b')));
};

const imported = { count: 5, bytes: 400 };

/** Events of a command that none of the library's sends: so many, each with so many sealed bytes beside it. */
export const importedEvents = (commandId: string, { count, bytes } = imported): readonly NewEvent[] =>
  Array.from({ length: count }, (_, number) => {
    const id = `${commandId.slice(0, -4)}${(0xe000 + number).toString(16)}`;
    return {
      ...{ id, type: 'comment-made', at: clock().toISOString(), policy: 'standard-1' },
      data: { moduleId: 'steg-1', sectionId: 'avsnitt-1', commentId: id },
      by: { kind: 'system', process: 'clock' },
      cause: { commandId, correlationId: commandId, causationId: commandId, command: `import-${count}` },
      flesh: { sealed: Buffer.alloc(bytes, number) },
    };
  });

/** Five events through the port itself, at the end of a stream that others append to. */
const appendToPort: Append = async ({ engine: { events } }, id) => {
  const stream = `program-${programs[1]}`;
  const history = await events.read(stream)();
  if (history._tag === 'Left') return history.left.kind;
  return orKind(await events.append(stream, history.right.length - 1, importedEvents(id))());
};

const appends: readonly Append[] = [activateUnit, appendToPort, startConversation];

/** The append of a number, under an id of its own unless given: through the library and through the port in turn. */
export const appendAt = async (appending: Appending, number: number, given?: string): Promise<Outcome> => {
  const id = given ?? randomUUID();
  const append = appends[number % appends.length] as Append;
  return { id, outcome: await append(appending, id) };
};
