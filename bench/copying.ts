import { randomBytes } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { Engine } from '../src/eventStore/engine.ts';
import type { NewEvent } from '../src/eventStore/eventStore.ts';
import { type Opened, openParts } from '../src/privacy/flesh.ts';
import { auditSubject, auditYear } from '../src/privacy/pseudonyms.ts';
import { lookUp } from '../src/privacy/residentIndex.ts';
import { sealBytes } from '../src/privacy/sealing.ts';
import { modelProgram } from './model.ts';

/** What the store and its keys give; the bench ends where they do not. */
const right = async <A>(task: Promise<E.Either<unknown, A>>): Promise<A> => {
  const result = await task;
  if (E.isLeft(result)) throw new Error(`the store said ${JSON.stringify(result.left)}`);
  return result.right;
};

/** An event of the model program, with its personal part in clear. */
type ModelEvent = Omit<NewEvent, 'flesh'> & { readonly part?: Opened };

/** The model program, read from the store in which it was lived. */
export const readModel = async (engine: Engine): Promise<readonly ModelEvent[]> => {
  const events = await right(engine.events.read(`program-${modelProgram}`)());
  const parts = await right(
    openParts(
      engine,
      events.map(({ position }) => position),
    ),
  );
  return events.map(({ position, stream: _, revision: __, sealedDigest: ___, ...event }) => {
    const part = parts.get(position);
    return part === undefined ? event : { ...event, part };
  });
};

const anyId = /[0-9a-f]{8}-[0-9a-f]{4}(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/g;
const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');

/** Another id for each id in some data: the same for the same number of a program and of an event in it. */
const renumbered = <A>(value: A, program: number, event = 0): A =>
  JSON.parse(JSON.stringify(value).replace(anyId, `${hex(program, 8)}-${hex(event, 4)}`)) as A;

/** The id of a program by its number. */
export const programOf = (number: number): string => renumbered(modelProgram, number);

/** The model's events, made longer with more messages, which come before its end. */
const lengthened = (model: readonly ModelEvent[], length: number): readonly (readonly [ModelEvent, number])[] => {
  const message = model.findLast(({ type }) => type === 'message-sent');
  const [life, end] = [model.slice(0, -1), model.slice(-1)];
  const more = Array.from({ length: Math.max(0, length - model.length) }, (_, index) => [message, index + 1] as const);
  return [...life.map((event) => [event, 0] as const), ...more, ...end.map((event) => [event, 0] as const)].filter(
    (one): one is readonly [ModelEvent, number] => one[0] !== undefined,
  );
};

/** Only ids that the repeated message has of its own are new in it: the conversation stays the one of the program. */
const repeated = (event: ModelEvent, program: number, index: number): ModelEvent => {
  const copy = renumbered(event, program);
  if (index === 0) return copy;
  const data = { ...(copy.data as object), messageId: renumbered(event.id, program, index) };
  return { ...copy, id: renumbered(event.id, program, index), data };
};

/** Serial numbers from 980 on are given to nobody (the Swedish Tax Agency's numbers for tests). */
const [firstSerial, serials] = [980, 20];
const dayLength = 86_400_000;

const checkDigit = (digits: string): number => {
  const sum = [...digits].reduce((total, digit, index) => {
    const weighted = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return (10 - (sum % 10)) % 10;
};

/** The number of a resident whom nobody knows, another for each program up to some 300 000: one that can sign in. */
const numberOf = (program: number): string => {
  const born = new Date(Date.UTC(1900, 0, 1) + Math.floor(program / serials) * dayLength).toISOString().slice(0, 10);
  const digits = `${born.replaceAll('-', '').slice(2)}${firstSerial + (program % serials)}`;
  return `${born.slice(0, 2)}${digits}${checkDigit(digits)}`;
};

/** Writes a program like the model through the port, sealed under a key of its own, with all that a start writes besides. */
export const copyProgram = async (
  engine: Engine,
  model: readonly ModelEvent[],
  program: number,
  length = model.length,
): Promise<void> => {
  const { events, keys } = engine;
  const keyId = await right(keys.take()());
  const key = await right(keys.open(keyId)());
  const [stream, personalNumber] = [`program-${programOf(program)}`, numberOf(program)];
  const { tags } = await right(lookUp({ events, keys }, personalNumber));
  const copies = lengthened(model, length).map(([event, index]): NewEvent => {
    const { part, ...copy } = repeated(event, program, index);
    const isStart = copy.type === 'started';
    const own = isStart ? { ...part, personalNumber } : part;
    const place = { store: events.id, stream, eventId: copy.id, type: copy.type };
    const sealed = own === undefined ? {} : { sealed: sealBytes(Buffer.from(JSON.stringify(own)), place, keyId, key) };
    const data = isStart ? { ...(copy.data as object), keyId } : copy.data;
    return { ...copy, data, flesh: { ...sealed, mark: randomBytes(32), ...(isStart ? { tag: tags[0] } : {}) } };
  });
  const [first] = copies;
  const year = auditYear(first?.at ?? '');
  const subject = await right(auditSubject(engine, year, programOf(program), personalNumber));
  await right(events.append(stream, 'no-stream', copies, { subjects: [subject] })());
};
