import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/index.ts';
import { rekeyIndex } from '../../src/privacy/rotation.ts';
import {
  amning,
  aStartedProgram,
  end,
  purge,
  start,
  startOf,
  theConversation,
  theProgram,
  tobak,
  uuid,
  write,
} from './given.ts';
import { at, disa, maternity, region, resident, tolvan } from './people.ts';
import { rightOf, stores, type World } from './world.ts';

const second = { id: 'second', key: new Uint8Array(32).fill(2) };
const third = { id: 'third', key: new Uint8Array(32).fill(3) };
const ongoing = { kind: 'refused', code: 'program-already-ongoing' };
const clinician = at(maternity, 'b');

const own = async ({ sees }: World, person = tolvan): Promise<readonly unknown[]> =>
  (await sees({ view: 'my-programs' }, resident(person))).rows.map(({ programId }) => programId);

/** What some views show, without the position as of which they do. */
const shown = ({ sees }: World): Promise<readonly unknown[]> => {
  const views = [
    sees<object>({ view: 'overview', tab: 'mine' }, clinician),
    sees<object>({ view: 'conversation', programId: theProgram, conversationId: theConversation }, clinician),
    sees<object>({ view: 'my-program', programId: theProgram }, resident(tolvan)),
  ];
  return Promise.all(views.map(async (view) => ({ ...(await view), asOf: undefined })));
};

/** The id of the program's care key. */
const careKey = async ({ events }: World): Promise<string> => {
  const [started] = await events(`program-${theProgram}`);
  return (started?.data as { readonly keyId?: string } | undefined)?.keyId ?? '';
};

/** How many rows of the index have tags of another key than the current one. */
const stale = async ({ engine: { events, keys } }: World): Promise<number> => {
  const current = rightOf(await keys.named('index')(), 'the index key');
  return rightOf(await events.staleTags(current, 1_000)(), 'the stale tags').length;
};

const indexKeys = async ({ engine: { keys } }: World): Promise<readonly string[]> =>
  rightOf(await keys.everNamed('index')(), 'the index keys');

const rejection = (rotating: Promise<unknown>): Promise<{ readonly message: string; readonly problem?: Problem }> =>
  rotating.then(
    () => ({ message: 'done' }),
    (error) => error,
  );

describe.each(stores)('a rotation of the master key %s', (kind) => {
  test('P13 shows everything as before, keeps every start findable, and is logged', async () => {
    const world = await aStartedProgram(kind);
    const before = await shown(world);
    const [old] = await indexKeys(world);
    const told: number[] = [];
    const { rewrapped } = await world.folja.rotateMasterKey(second, region, { onProgress: (done) => told.push(done) });
    expect(rewrapped).toBeGreaterThan(0);
    expect(told.at(-1)).toBe(rewrapped);
    expect(await shown(world)).toEqual(before);
    expect([await stale(world), (await indexKeys(world)).includes(old ?? '')]).toEqual([0, false]);
    expect(await world.engine.keys.open(old ?? '')()).toEqual(E.left({ kind: 'erased' }));
    const started = await start(world, amning);
    expect(await own(world)).toEqual(expect.arrayContaining([theProgram, started]));
    const operated = (await world.events()).filter(({ type }) => type === 'operated');
    expect(operated.map(({ data, by }) => [data, by.office])).toEqual([
      [{ what: 'rotate-master-key', epoch: 'second' }, 'regional-team'],
    ]);
  });

  test('is done once: asked for again it does nothing, and the next one goes on from it', async () => {
    const world = await aStartedProgram(kind);
    await world.folja.rotateMasterKey(second);
    const [index] = await indexKeys(world);
    expect(await world.folja.rotateMasterKey(second)).toEqual({ rewrapped: 0 });
    expect(await indexKeys(world)).toEqual([index]);
    expect((await world.folja.rotateMasterKey(third)).rewrapped).toBeGreaterThan(0);
    expect(await own(world)).toEqual([theProgram]);
  });

  test('D27 refuses a second program of a resident before, within and after it', async () => {
    const world = await aStartedProgram(kind);
    const again = () => world.fails('start-program', startOf(tobak, tolvan), clinician);
    const { keys } = world.engine;
    rightOf(await keys.renew('index')(), 'a new index key');
    expect([await stale(world), await again(), await own(world)]).toEqual([1, ongoing, [theProgram]]);
    rightOf(await rekeyIndex(world.engine), 're-keying');
    expect([await stale(world), await again(), await own(world)]).toEqual([0, ongoing, [theProgram]]);
  });

  test('P4 knows a command without a program again, and one with other content under its id', async () => {
    const world = await aStartedProgram(kind);
    const signIn = (unitId: string) => world.execute('sign-in', { unitId }, clinician, uuid(900));
    const receipt = await signIn(maternity.unitId);
    await world.folja.rotateMasterKey(second);
    expect(await signIn(maternity.unitId)).toEqual(receipt);
    expect(await signIn('SE2321000131-BVC1')).toEqual(E.left({ kind: 'refused', code: 'command-id-reused' }));
  });

  test('makes good a start that it overtook', async () => {
    const world = await aStartedProgram(kind);
    const { events, keys } = world.engine;
    const { append } = events;
    let overtaken = 0;
    const overtaking: typeof append = (stream, ...rest) =>
      rest[1].some(({ type }) => type === 'started')
        ? async () => {
            rightOf(await keys.renew('index')(), 'a new index key');
            rightOf(await rekeyIndex(world.engine), 're-keying');
            const result = await append(stream, ...rest)();
            overtaken += await stale(world);
            return result;
          }
        : append(stream, ...rest);
    Object.assign(events, { append: overtaking });
    const started = await start(world, tobak, disa);
    expect([overtaken, await stale(world)]).toEqual([1, 0]);
    expect(await own(world, disa)).toEqual([started]);
  });

  test('R248 is for the regional team, and what is refused is logged', async () => {
    const world = await aStartedProgram(kind);
    const refused = await rejection(world.folja.rotateMasterKey(second, clinician));
    expect(refused.problem).toEqual({ kind: 'refused', code: 'not-permitted' });
    expect((await world.events()).at(-1)?.data).toMatchObject({ what: 'rotate-master-key', code: 'not-permitted' });
    const { message } = await rejection(world.folja.rotateMasterKey({ id: 'a b', key: second.key }));
    expect(message).toBe(
      'The next master key is not usable: give { id, key } where the key is 32 bytes and the id has 1 to 64 letters, digits, dots, dashes or underscores.',
    );
    const taken = await rejection(world.folja.rotateMasterKey({ ...second, id: 'master' }));
    expect(taken.message).toBe(
      'The next master key has the id of another one that is in use: give it an id of its own.',
    );
    expect(await own(world)).toEqual([theProgram]);
  });
});

describe.each(stores)('the index of residents %s', (kind) => {
  const tagged = async ({ engine }: World): Promise<number> =>
    rightOf(await engine.events.staleTags('00'.repeat(16), 10)(), 'tags')[0]?.position ?? 0;

  test('heals a row that was made before tags began with the id of their key', async () => {
    const world = await aStartedProgram(kind);
    const position = await tagged(world);
    rightOf(await world.engine.events.retag(position, Buffer.alloc(32, 1))(), 'an old tag');
    expect(await own(world)).toEqual([]);
    expect(rightOf(await rekeyIndex(world.engine), 're-keying')).toBe(1);
    expect(await own(world)).toEqual([theProgram]);
    expect(rightOf(await rekeyIndex(world.engine), 're-keying')).toBe(0);
  });

  test('R242 gives a row whose number is erased a tag of nobody, and keeps no earlier key for it', async () => {
    const world = await aStartedProgram(kind);
    rightOf(await world.engine.keys.destroy(await careKey(world))(), 'the care key');
    rightOf(await world.engine.keys.renew('index')(), 'a new index key');
    expect(rightOf(await rekeyIndex(world.engine), 're-keying')).toBe(1);
    expect([await stale(world), (await indexKeys(world)).length, await own(world)]).toEqual([0, 1, []]);
  });

  test('keeps the key that fingerprints of commands were made with', async () => {
    const world = await aStartedProgram(kind);
    const [old = ''] = await indexKeys(world);
    const everNamed = world.engine.keys.everNamed;
    // As after the migration of a key file of version 1, which gives both names to one key.
    Object.assign(world.engine.keys, {
      everNamed: (name: string) => (name === 'commands' ? async () => E.right([old]) : everNamed(name)),
    });
    await world.folja.rotateMasterKey(second);
    expect(E.isRight(await world.engine.keys.open(old)())).toBe(true);
    expect(await own(world)).toEqual([theProgram]);
  });

  test('R242 P12 of a purged program gets no key from what is sent to it afterwards', async () => {
    const world = await aStartedProgram(kind);
    const keyId = await careKey(world);
    await end(world, theProgram);
    await purge(world, theProgram);
    const count = async () => rightOf(await world.engine.keys.epochs()(), 'the count of keys');
    const before = await count();
    const { take } = world.engine.keys;
    let taken = 0;
    Object.assign(world.engine.keys, {
      take: () => {
        taken += 1;
        return take();
      },
    });
    const codes = [
      await rejection(write(world, theProgram, uuid(901))),
      await rejection(start(world, tobak, tolvan, { programId: theProgram })),
      await rejection(end(world, theProgram)),
    ].map(({ message }) => /"code":"([a-z-]+)"/.exec(message)?.[1]);
    expect(codes).toEqual(['unknown-program', 'program-exists', 'program-purged']);
    expect([taken, await count()]).toEqual([0, before]);
    await start(world, amning);
    expect(taken).toBe(1);
    expect(await world.engine.keys.open(keyId)()).toEqual(E.left({ kind: 'erased' }));
  });
});
