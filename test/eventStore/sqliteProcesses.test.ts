import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { StoredEvent } from '../../src/eventStore/eventStore.ts';
import { aDirectory, eventually, masterKey, right } from './builders.ts';
import { anEvent, someEvents } from './events.ts';
import { openAt } from './sqliteBuilders.ts';

type Report = {
  readonly written: readonly Pick<StoredEvent, 'id' | 'revision' | 'position'>[];
  readonly lost: readonly string[];
};

const program = join(import.meta.dirname, 'writerProcess.ts');
const key = Buffer.from(masterKey.current.key).toString('hex');

type Writer = { readonly ready: Promise<unknown>; readonly go: () => Promise<Report> };

/** Starts a writer in a process of its own, which waits for its sign. */
const start = (path: string, stream: string, count: number): Writer => {
  const given = ['--path', path, '--key', key, '--stream', stream, '--count', String(count)];
  const child = spawn(process.execPath, ['--no-warnings', program, ...given], { stdio: ['pipe', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (text: Buffer) => {
    printed += text.toString();
  });
  const ended = once(child, 'close');
  const ready = Promise.race([once(child.stdout, 'data'), ended]);
  const go = async (): Promise<Report> => {
    child.stdin.end('go');
    expect(await ended).toEqual([0, null]);
    return JSON.parse(printed.replace('ready\n', '')) as Report;
  };
  return { ready, go };
};

/** Runs several writers, each in a process of its own, which begin together. */
const runTogether = async (path: string, streams: readonly string[], count: number): Promise<readonly Report[]> => {
  const writers = streams.map((stream) => start(path, stream, count));
  await Promise.all(writers.map(({ ready }) => ready));
  return Promise.all(writers.map(({ go }) => go()));
};

const upTo = (count: number, first: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + index);

describe('several processes', () => {
  test('P3 P6 P7 that append to one stream lose nothing and leave no gap, and one wins each revision', async () => {
    const path = join(aDirectory(), 'unit.db');
    const count = 150;
    const reports = await runTogether(path, ['program-a', 'program-a'], count);
    const { engine, close } = await openAt(path);
    const stream = await right(engine.events.read('program-a'));
    const told = reports.flatMap(({ written }) => written).sort((one, other) => one.revision - other.revision);
    expect(told).toEqual(stream.map(({ id, revision, position }) => ({ id, revision, position })));
    expect(stream.map(({ revision }) => revision)).toEqual(upTo(2 * count, 0));
    expect(stream.map(({ position }) => position)).toEqual(upTo(2 * count, 1));
    const lost = reports.flatMap((report) => report.lost);
    expect(new Set(lost)).toEqual(new Set(['revision-conflict']));
    await close();
  });

  test('P7 that append to streams of their own share one gap-free order', async () => {
    const path = join(aDirectory(), 'unit.db');
    const reports = await runTogether(path, ['program-a', 'program-b', 'program-c'], 60);
    const { engine, close } = await openAt(path);
    const all = await right(engine.events.readAll(0, 1_000));
    expect(all.map(({ position }) => position)).toEqual(upTo(180, 1));
    expect(reports.flatMap(({ lost }) => lost)).toEqual([]);
    await close();
  });

  test('P7 are heard by a listener in another, in order and without gaps', async () => {
    const path = join(aDirectory(), 'unit.db');
    const { engine, close } = await openAt(path);
    await right(engine.events.append('program-a', 'any', someEvents(2)));
    const heard: StoredEvent[] = [];
    engine.events.subscribe((event) => heard.push(event));
    const writing = runTogether(path, ['program-b'], 100);
    for (let number = 0; number < 20; number += 1) {
      await right(engine.events.append('program-a', 'any', [anEvent()]));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await writing;
    await eventually(() => heard.length === 120);
    expect(heard).toEqual(await right(engine.events.readAll(2, 1_000)));
    await close();
  });
});

describe('two stores over one file', () => {
  test("P7 hear each other's commits within 100 ms", async () => {
    const path = join(aDirectory(), 'unit.db');
    const [here, there] = [await openAt(path), await openAt(path)];
    const heard: number[] = [];
    here.engine.events.subscribe(({ position }) => heard.push(position));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const waits: number[] = [];
    for (let number = 1; number <= 10; number += 1) {
      await right(there.engine.events.append('program-a', 'any', [anEvent()]));
      const start = performance.now();
      await eventually(() => heard.length === number);
      waits.push(performance.now() - start);
    }
    expect(waits.toSorted((one, other) => one - other)[5]).toBeLessThan(100);
    await Promise.all([here.close(), there.close()]);
  });

  test('P3 let one of two writers at one revision win', async () => {
    const path = join(aDirectory(), 'unit.db');
    const [here, there] = [await openAt(path), await openAt(path)];
    for (let head = -1; head < 30; head += 1) {
      const results = await Promise.all(
        [here, there].map(({ engine }) => engine.events.append('program-a', head, [anEvent()])()),
      );
      expect(results.filter(({ _tag }) => _tag === 'Right')).toHaveLength(1);
      const lost = results.flatMap((result) => (result._tag === 'Left' ? [result.left] : []));
      expect(lost).toEqual([{ kind: 'revision-conflict', stream: 'program-a', actual: head + 1 }]);
    }
    await Promise.all([here.close(), there.close()]);
  });

  test('P4 know what the other has written', async () => {
    const path = join(aDirectory(), 'unit.db');
    const [here, there] = [await openAt(path), await openAt(path)];
    const events = someEvents(3);
    const first = await right(here.engine.events.append('program-a', 'no-stream', events));
    expect(await right(there.engine.events.append('program-a', 'no-stream', events))).toEqual(first);
    await Promise.all([here.close(), there.close()]);
  });
});
