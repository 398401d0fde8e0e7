import { randomBytes, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Engine } from '../../src/eventStore/engine.ts';
import { historiesOf } from '../../src/eventStore/histories.ts';
import { catchUp, undisturbed } from '../../src/projections/catchingUp.ts';
import { prepareReadModels } from '../../src/projections/runner.ts';
import { copyProgram, programOf, readModel } from '../copying.ts';
import { type Floor, fold, nothingFolded, replayPage, streamLength, streams } from '../floor.ts';
import { conversationId } from '../model.ts';
import { openPath } from '../places.ts';
import type { Side } from '../rounds.ts';
import { sixWorks } from '../sixWorks.ts';
import { copyPrograms, fillStore } from '../stores.ts';
import { anEvent, closeBare, openBare, right } from './bareStore.ts';
import type { Amounts } from './task.ts';

/** A work of the event store beside the same work of the floor, and how to end it. */
type EventWork = { readonly floor: Side; readonly work: Side; readonly end: () => Promise<void> };

/** Appends to streams in turn, each time as somebody who knows where the stream ends. */
const appendingTo = (engine: Engine, together: number) => {
  const heads = new Map<string, number>();
  let turn = 0;
  return async (commits: number): Promise<number> => {
    for (let done = 0; done < commits; done += 1) {
      turn += 1;
      const stream = `stream-${turn % streams}`;
      const head = heads.get(stream);
      const events = Array.from({ length: together }, anEvent);
      await right(engine.events.append(stream, head ?? 'no-stream', events));
      heads.set(stream, (head ?? -1) + together);
    }
    return commits * together;
  };
};

type Making = (directory: string, floor: Floor, amounts: Amounts) => Promise<EventWork>;

const appending =
  (together: 1 | 10): Making =>
  async (directory, floor, { commits }) => {
    const engine = await openBare(join(directory, 'unit.db'));
    const append = appendingTo(engine, together);
    return {
      floor: () => (together === 1 ? floor.append(commits) : floor.appendTens(commits)),
      work: () => append(commits),
      end: () => closeBare(engine),
    };
  };

const projecting: Making = async (directory, floor, { commits }) => {
  const engine = await openBare(join(directory, 'unit.db'), (db) => {
    db.exec(
      'CREATE TABLE bench_rows (stream TEXT PRIMARY KEY, events INTEGER NOT NULL, position INTEGER NOT NULL) STRICT',
    );
    const project = db.prepare(
      'INSERT INTO bench_rows (stream, events, position) VALUES (?, 1, ?) ' +
        'ON CONFLICT (stream) DO UPDATE SET events = events + 1, position = excluded.position',
    );
    const inline = (events: readonly { readonly stream: string; readonly position: number }[]): void => {
      for (const { stream, position } of events) project.run(stream, position);
    };
    return { inline, committed: () => undefined };
  });
  const append = appendingTo(engine, 1);
  return {
    floor: () => floor.appendProjected(commits),
    work: () => append(commits),
    end: () => closeBare(engine),
  };
};

/** A message of a program's conversation, its text sealed: as many bytes as the floor's whole payload. */
const aMessage = () => ({
  ...anEvent(),
  ...{ type: 'message-sent', version: 2 },
  data: { conversationId, messageId: randomUUID(), from: 'resident', notifyInbox: false },
  flesh: { sealed: randomBytes(250) },
});

/** A store with one lived program, opened without its read models, and the program without its end. */
const openWithModel = async (directory: string) => {
  await fillStore({ programs: 0, directory }, () => undefined);
  const engine = await openBare(openPath({ programs: 0, directory }));
  return { engine, model: (await readModel(engine)).slice(0, -1) };
};

/** Loads a program through the cache of histories, decides by its state, and appends an event where it then ends. */
const commanding: Making = async (directory, floor, { commits }) => {
  const { engine, model } = await openWithModel(join(directory, 'store'));
  for (let number = 1; number <= streams; number += 1) await copyProgram(engine, model, number, streamLength);
  floor.fillStreams();
  const histories = historiesOf(engine.events);
  let turn = 0;
  const command = async (): Promise<void> => {
    turn += 1;
    const stream = `program-${programOf(1 + (turn % streams))}`;
    const { state, revision } = await right(() => histories.program(stream));
    if (state.program.status !== 'ongoing') throw new Error(`a program is ${state.program.status}`);
    await right(engine.events.append(stream, revision, [aMessage()]));
  };
  return {
    floor: () => floor.command(commits),
    work: async () => {
      for (let done = 0; done < commits; done += 1) await command();
      return commits;
    },
    end: () => closeBare(engine),
  };
};

const replaying: Making = async (directory, floor, { replayed }) => {
  const engine = await openBare(join(directory, 'unit.db'));
  await appendingTo(engine, replayPage)(Math.ceil(replayed / replayPage));
  floor.fill(replayed);
  const replay = async (): Promise<number> => {
    let folded = nothingFolded;
    for (let after = 0; ; ) {
      const events = await right(engine.events.readAll(after, replayPage));
      const last = events.at(-1);
      if (last === undefined) return folded.events;
      after = last.position;
      folded = events.reduce((so, { data }) => fold(so, data as Parameters<typeof fold>[1]), folded);
    }
  };
  return { floor: floor.replay, work: replay, end: () => closeBare(engine) };
};

/** Builds all read models in an empty file, by the runner that builds them in a store, as at an opening. */
const catchingUp: Making = async (directory, floor, { caughtUp }) => {
  const { engine, model } = await openWithModel(join(directory, 'store'));
  await copyPrograms(engine, { first: 1, last: Math.ceil(caughtUp / model.length) }, () => undefined);
  floor.fill(caughtUp);
  const build = async (): Promise<number> => {
    const path = join(directory, 'aside.db');
    const db = new Database(path);
    for (const pragma of ['journal_mode = WAL', 'synchronous = FULL']) db.pragma(pragma);
    prepareReadModels(db);
    await right(() => catchUp(engine.events, db, ['inline', 'audit'], undefined, undisturbed));
    db.close();
    for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
    return right(engine.events.lastPosition());
  };
  return { floor: floor.catchUp, work: build, end: () => closeBare(engine) };
};

/** The six works of the library's own event store, by their names in the table. */
export const eventWorks: ReadonlyMap<string, Making> = new Map([
  [sixWorks.one, appending(1)],
  [sixWorks.ten, appending(10)],
  [sixWorks.command, commanding],
  [sixWorks.inline, projecting],
  [sixWorks.replay, replaying],
  [sixWorks.catchUp, catchingUp],
]);
