import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { FoljaOptions } from '../../src/index.ts';
import { aStartedProgram, theProgram } from '../library/given.ts';
import { at, auditor, disa, maternity, region, resident, tolvan } from '../library/people.ts';
import { commandActs, moving, viewActs } from '../library/permissions/acts.ts';
import { aClock, type Clock, masterKey, type World } from '../library/world.ts';
import { foundIn, toldBy } from './judging.ts';
import { outcomeOf, runsOf, seed } from './trying.ts';
import { canary } from './values.ts';

/** What is personal or secret in the libraries below, and may be in no failure: names, numbers, texts, keys in every form. */
const secrets: readonly string[] = [
  ...['kanarief', tolvan.name, disa.name, 'Hur gör jag', 'En fråga', 'på BMM Norr', 'hemlig-nyckel'],
  ...[tolvan, disa].flatMap(({ personalNumber: number }) => [
    number,
    number.slice(2),
    `${number.slice(2, 8)}-${number.slice(8)}`,
  ]),
  ...[Buffer.from(masterKey).toString('hex'), Buffer.from(masterKey).toString('base64')],
];

const person = { personalNumber: disa.personalNumber, name: `${disa.name} ${canary}` };

/** A command or query with canaries in each of its texts. */
const marked = (value: unknown): unknown => {
  if (typeof value === 'string') return /^[a-z0-9-]+$|^SE|T.*Z$/.test(value) ? value : `${value} ${canary}`;
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== 'object' || value === null) return value;
  if ('personalNumber' in value) return person;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, marked(inner)]));
};

/** Everything that is written anywhere while something happens: the console, both outputs, warnings of the process. */
const listening = () => {
  const said: string[] = [];
  const note = (...given: readonly unknown[]): boolean => said.push(given.map((one) => toldBy(one)).join()) > 0;
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(note),
    vi.spyOn(process.stderr, 'write').mockImplementation(note),
    ...(['log', 'warn', 'error', 'info', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(note),
    ),
    vi.spyOn(process, 'emitWarning').mockImplementation(note),
  ];
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return { said, end: () => spies.map((spy) => spy.mockRestore()) };
};

const damaged = new Error(`${canary}: ${tolvan.name}, hemlig-nyckel`);
const toss = (): never => {
  throw damaged;
};
const rejecting = async (): Promise<never> => toss();

/** Ways in which what the library stands on fails, each with an error that tells too much. */
const faults: Readonly<Record<string, (world: World) => void>> = {
  'the store is unavailable': ({ engine }) =>
    Object.assign(engine.events, {
      append: () => async () => ({ _tag: 'Left', left: { kind: 'unavailable', retry: true } }),
    }),
  'the store does not know': ({ engine }) =>
    Object.assign(engine.events, { append: () => async () => ({ _tag: 'Left', left: { kind: 'unknown' } }) }),
  'the store rejects': ({ engine }) => Object.assign(engine.events, { append: () => rejecting }),
  'the store throws': ({ engine }) => Object.assign(engine.events, { append: toss }),
  'reading rejects': ({ engine }) =>
    Object.assign(engine.events, { read: () => rejecting, readAll: () => rejecting, find: () => rejecting }),
  'the log cannot tell where it ends': ({ engine }) => Object.assign(engine.events, { lastPosition: () => rejecting }),
  'the keys reject': ({ engine }) =>
    Object.assign(engine.keys, {
      open: () => rejecting,
      create: () => rejecting,
      find: () => rejecting,
      named: () => rejecting,
    }),
  'the read models are closed': ({ engine }) => void engine.readModels.close(),
  'the tables are gone': ({ engine }) => void engine.readModels.exec('DROP TABLE programs; DROP TABLE conversations'),
  'the clock throws': ({ clock }) => Object.assign(clock, { isBroken: true }),
  'the texts are damaged': ({ engine }) =>
    Object.assign(engine.events, {
      sealed: () => async () => ({ _tag: 'Left', left: { kind: 'damaged', what: 'flesh at position 1' } }),
    }),
};

const actors = [at(maternity, 'b'), at(maternity, 'ia'), resident(tolvan), region, auditor];
const commands = commandActs.filter(({ what }) => !moving.includes(what));

/** A library whose clock can fail, with everything that a host may hand over failing as well. */
const aFailingLibrary = async (warnings: string[]): Promise<World> => {
  const options: Partial<Omit<FoljaOptions, 'store' | 'clock'>> = {
    logger: {
      warn: (message) => {
        warnings.push(message);
        toss();
      },
    },
    deliver: rejecting,
    anchor: toss,
    erasables: [{ name: 'host', erase: rejecting }],
  };
  const right = aClock();
  const clock: Clock & { isBroken?: boolean } = {
    ...right,
    now: () => (clock.isBroken === true ? toss() : right.now()),
  };
  const world = await aStartedProgram('in SQLite', { ...options, clock });
  world.folja.subscribe(toss);
  return world;
};

type Try = { readonly what: number; readonly actor: number; readonly isCommand: boolean };
const tries = fc.record({ what: fc.nat(200), actor: fc.nat(actors.length - 1), isCommand: fc.boolean() });

const attempt = ({ folja }: World, { what, actor: who, isCommand }: Try): unknown => {
  const actor = actors[who] ?? region;
  const act = (isCommand ? commands : viewActs).at(what % (isCommand ? commands : viewActs).length);
  const about = act?.about(theProgram) ?? {};
  return isCommand
    ? folja.execute({ type: act?.what ?? '', data: marked(about) as object }, actor)
    : folja.view({ view: act?.what ?? '', ...about, ...(what % 3 === 0 ? { search: canary } : {}) }, actor);
};

const operations = ({ folja }: World): readonly (() => unknown)[] => [
  () => folja.tick(),
  () => folja.rebuild({ onProgress: toss }),
  () => folja.replay({ until: { position: '20' }, onProgress: toss }, auditor),
  () => folja.audit.verify({ onProgress: toss }),
  () => folja.audit.head(),
  () => folja.audit.inclusionProof(3, auditor),
  () =>
    folja.rotateMasterKey({ id: 'next', key: Buffer.from('hemlig-nyckel'.padEnd(32, 'x')) }, region, {
      onProgress: toss,
    }),
  () => folja.caughtUp('999'),
];

/** Problems and errors may tell nothing; an answer is for whoever asked. */
const told = (outcome: Awaited<ReturnType<typeof outcomeOf>>): string => {
  if ('thrown' in outcome) return toldBy(outcome.thrown);
  const { answered } = outcome as { readonly answered?: { readonly _tag?: string; readonly left?: unknown } };
  return answered?._tag === 'Left' ? toldBy(answered.left) : '';
};

describe.each(Object.entries(faults))('a library in which %s', (_, fail) => {
  test('16.5.1 tells of its failures without anything that is personal or secret', async () => {
    const warnings: string[] = [];
    const world = await aFailingLibrary(warnings);
    const heard = listening();
    fail(world);
    let failures = 0;
    await fc.assert(
      fc.asyncProperty(tries, async (one) => {
        const outcome = await outcomeOf(() => attempt(world, one));
        const text = told(outcome);
        if (text !== '') failures += 1;
        expect(foundIn(text, secrets)).toEqual([]);
        expect(outcome).toHaveProperty('answered');
      }),
      { numRuns: Math.ceil(runsOf(220) / Object.keys(faults).length), seed },
    );
    expect(await outcomeOf(() => world.folja.tick())).toHaveProperty('answered');
    for (const operation of operations(world)) expect(foundIn(told(await outcomeOf(operation)), secrets)).toEqual([]);
    heard.end();
    expect(failures).toBeGreaterThan(0);
    expect(foundIn([...heard.said, ...warnings].join('\n'), secrets)).toEqual([]);
  });
});

describe('a failure that tells too much (control)', () => {
  test('is found in an error, a warning and on the console', async () => {
    const heard = listening();
    console.warn('no', damaged);
    process.stderr.write(`x ${tolvan.personalNumber}`);
    heard.end();
    expect(foundIn(heard.said.join(), secrets)).toEqual(expect.arrayContaining(['kanarief', tolvan.personalNumber]));
    expect(foundIn(told({ thrown: damaged }), secrets)).toEqual(['kanarief', tolvan.name, 'hemlig-nyckel']);
    expect(
      foundIn(told({ answered: { _tag: 'Left', left: { kind: 'refused', code: tolvan.name } } }), secrets),
    ).toEqual([tolvan.name]);
  });
});
