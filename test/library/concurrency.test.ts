import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Either } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { Actor, CommandInput, Problem, Receipt } from '../../src/index.ts';
import {
  approve,
  aStartedProgram,
  end,
  grant,
  offer,
  startOf,
  theConversation,
  theHandover,
  theProgram,
  tobak,
  uuid,
} from './given.ts';
import { at, childHealth, disa, factsAt, idAt, maternity, region, resident, tolvan } from './people.ts';
import { codeOf, masterKey, openIn, rightOf, type World } from './world.ts';

const { unitId } = maternity;
const b = at(maternity, 'b');
const parent = resident(tolvan);
const ending = { programId: theProgram, reason: 'avslutad-enligt-plan', residentAware: true };
const answer = { handoverId: theHandover, programId: theProgram };
const approval = { ...answer, clinician: idAt(childHealth, 'b') };

/** Two libraries over the files of one. */
const aPair = async (): Promise<readonly [World, World]> => {
  const world = await aStartedProgram('in SQLite');
  return [world, await openIn(world.directory, { clock: world.clock })];
};

type Call = readonly [type: string, data: object, actor: Actor, id?: string];

/** What two libraries make of a call each, at the same moment. */
const atOnce = async ([here, there]: readonly [World, World], one: Call, other: Call): Promise<readonly string[]> =>
  (await Promise.all([here.execute(...one), there.execute(...other)])).map(codeOf);

/** Lets others go on, so many times. */
const inTurns = async (turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) await nextTurn();
};

const aColleague = async (world: World): Promise<void> => {
  await world.does('register-staff', { unitId, staff: factsAt(maternity, 'ba2') }, at(maternity, 'ba'));
  await grant(world, maternity, 'ba2', 'authorization-administrator');
};

describe('two libraries over one file', () => {
  test('P3 R239 end a program once', async () => {
    const pair = await aPair();
    const codes = await atOnce(pair, ['end-program', ending, b], ['end-program', ending, b]);
    expect(codes.toSorted()).toEqual(['done', 'program-has-ended']);
  });

  test('P3 both write to one program, each on the other’s history', async () => {
    const pair = await aPair();
    const body = { programId: theProgram, conversationId: theConversation, body: 'Hej' };
    for (let round = 0; round < 10; round += 1)
      expect(await atOnce(pair, ['reply', body, b], ['reply', body, parent])).toEqual(['done', 'done']);
    const stream = await pair[0].events(`program-${theProgram}`);
    expect(stream.filter(({ type }) => type === 'message-sent')).toHaveLength(21);
    expect(stream.map(({ revision }) => revision)).toEqual(stream.map((_, index) => index));
  });

  test('D27 start one program of two for one resident', async () => {
    const pair = await aPair();
    const [mine, yours] = [startOf(tobak, disa), startOf(tobak, { ...disa, personalNumber: '19811228-9874' })];
    const codes = await atOnce(pair, ['start-program', mine, b], ['start-program', yours, at(maternity, 'b2')]);
    expect(codes.toSorted()).toEqual(['done', 'program-already-ongoing']);
  });

  test('D27 I15 let a start at the receiver and the approval of a handover there not both be', async () => {
    const pair = await aPair();
    await offer(pair[0], theProgram, childHealth, theHandover);
    const codes = await atOnce(
      pair,
      ['approve-handover', approval, at(childHealth, 'ia')],
      ['start-program', startOf(tobak, tolvan), at(childHealth, 'b')],
    );
    expect(codes.toSorted()).toEqual(['done', 'program-already-ongoing']);
  });

  test('D2 R205 decide a handover once, to whoever was first', async () => {
    const pair = await aPair();
    await offer(pair[0], theProgram, childHealth, theHandover);
    const codes = await atOnce(
      pair,
      ['approve-handover', approval, at(childHealth, 'ia')],
      ['withdraw-handover', answer, at(maternity, 'ia')],
    );
    expect([
      ['done', 'unknown-program'],
      ['handover-closed', 'done'],
    ]).toContainEqual(codes);
  });

  test('D3 let an offer and an end not both be', async () => {
    const pair = await aPair();
    const offering = { programId: theProgram, toUnit: childHealth.unitId, residentInformed: true };
    const codes = await atOnce(pair, ['initiate-handover', offering, at(maternity, 'ia')], ['end-program', ending, b]);
    expect([
      ['done', 'handover-pending'],
      ['program-has-ended', 'done'],
    ]).toContainEqual(codes);
  });

  test('D23 let the unit’s deactivation and a start there not both be, whichever comes between the other’s steps', async () => {
    const [here, there] = await aPair();
    await end(here, theProgram);
    const seen = new Set<string>();
    for (let turns = 0; turns < 36; turns += 2) {
      const starting = here.execute('start-program', startOf(tobak, disa), b);
      await inTurns(turns);
      const results = await Promise.all([starting, there.execute('deactivate-unit', { unitId }, region)]);
      seen.add(results.map(codeOf).join());
      const [started] = results;
      if (started._tag === 'Right') await end(here, started.right.ids.programId as string);
      else await here.does('activate-unit', { ...maternity, administrator: factsAt(maternity, 'ba') }, region);
    }
    for (const codes of seen) expect(['done,programs-ongoing', 'unit-not-active,done']).toContain(codes);
  });

  test('R050 I01 leave an administrator when two take the role from each other', async () => {
    const pair = await aPair();
    await aColleague(pair[0]);
    const take = (from: string, by: string): Call => [
      'revoke-role',
      { unitId, hsaId: idAt(maternity, from), role: 'authorization-administrator' },
      at(maternity, by),
    ];
    const codes = await atOnce(pair, take('ba2', 'ba'), take('ba', 'ba2'));
    expect(codes.toSorted()).toEqual(['done', 'role-missing']);
  });

  test('P4 I23 send one command at once: one effect, one receipt, two entries', async () => {
    const [here, there] = await aPair();
    const calls: readonly Call[] = [
      ['start-program', startOf(tobak, disa), b, uuid(81)],
      ['reply', { programId: theProgram, conversationId: theConversation, body: 'Hej' }, b, uuid(82)],
      ['open-program', { programId: theProgram }, parent, uuid(83)],
      ['sign-in', { unitId }, b, uuid(84)],
    ];
    for (const call of calls) {
      const [one, other] = await Promise.all([here.execute(...call), there.execute(...call)]);
      expect(rightOf(other, call[0])).toEqual(rightOf(one, call[0]));
      const entries = (await here.log()).filter(({ action }) => action === call[0]).slice(-2);
      expect(entries.map(({ outcome }) => outcome).toSorted()).toEqual(['allowed', 'repeated']);
    }
  });

  test('P4 tell the same id with other words apart, at once', async () => {
    const pair = await aPair();
    const reply = (body: string): Call => [
      'reply',
      { programId: theProgram, conversationId: theConversation, body },
      b,
      uuid(85),
    ];
    expect((await atOnce(pair, reply('Ja'), reply('Nej'))).toSorted()).toEqual(['command-id-reused', 'done']);
  });

  test('R015 I02 let a revoked role do nothing after its revocation', async () => {
    const [here, there] = await aPair();
    const text = (number: number) => ({ programId: theProgram, text: `Hej ${number}` });
    const writing = (async () => {
      const codes: string[] = [];
      for (let number = 0; number < 12; number += 1)
        codes.push(codeOf(await there.execute('change-welcome-text', text(number), b)));
      return codes;
    })();
    await here.execute('open-program', { programId: theProgram }, parent);
    const revoked = await here.does(
      'revoke-role',
      { unitId, hsaId: idAt(maternity, 'b'), role: 'clinician' },
      at(maternity, 'ba'),
    );
    const codes = await writing;
    expect(codes.at(-1)).toBe('role-missing');
    const texts = (await here.events()).filter(({ type }) => type === 'welcome-text-changed');
    expect(texts.every(({ position }) => position < Number(revoked.position))).toBe(true);
    expect(codes.filter((code) => code === 'done')).toHaveLength(texts.length);
  });

  test('R207 see at once what the other has changed', async () => {
    const [here, there] = await aPair();
    await offer(here, theProgram, childHealth, theHandover);
    await approve(there, theProgram, theHandover, childHealth);
    expect(await here.misses({ view: 'program', programId: theProgram }, b)).toMatchObject({ code: 'unknown-program' });
    expect((await here.sees({ view: 'overview', tab: 'mine' }, at(childHealth, 'b'))).rows).toHaveLength(1);
  });
});

type Sent = readonly (readonly [command: CommandInput, actor: Actor])[];
type Result = Either<Problem, Receipt>;

const inProcess = async (directory: string, commands: Sent, moment: number): Promise<readonly Result[]> => {
  const program = join(import.meta.dirname, 'writingProcess.ts');
  const given = [
    ...['--path', join(directory, 'unit.db'), '--key', Buffer.from(masterKey).toString('hex')],
    ...['--commands', JSON.stringify(commands), '--at', String(moment)],
  ];
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', program, ...given]);
  return JSON.parse(stdout) as readonly Result[];
};

describe('two processes over one file', () => {
  test('P1 P3 P6 P7 act on one program at once, each result right', async () => {
    const world = await aStartedProgram('in SQLite');
    const replies = (actor: Actor, first: number): Sent =>
      Array.from({ length: 15 }, (_, index) => {
        const data = { programId: theProgram, conversationId: theConversation, body: `Rad ${first + index}` };
        return [{ type: 'reply', data, id: uuid(first + index) }, actor];
      });
    const last: Sent[number] = [{ type: 'end-program', data: ending, id: uuid(500) }, b];
    const moment = Date.now() + 1_500;
    const results = await Promise.all([
      inProcess(world.directory, [...replies(b, 300), last], moment),
      inProcess(world.directory, [...replies(parent, 400), last], moment),
    ]);
    const [ours, theirs] = results.map((list) => list.at(-1)) as [Result, Result];
    expect(rightOf(theirs, 'the end')).toEqual(rightOf(ours, 'the end'));
    const stream = await world.events(`program-${theProgram}`);
    expect(stream.map(({ revision }) => revision)).toEqual(stream.map((_, index) => index));
    expect(stream.filter(({ type }) => type === 'ended')).toHaveLength(1);
    const receipts = results.flat().flatMap((result) => (result._tag === 'Right' ? [result.right] : []));
    for (const { commandId, revision, events } of receipts)
      expect(stream[revision]).toMatchObject({ cause: { commandId }, id: events.at(-1)?.id });
    const lost = results.flat().filter((result) => result._tag === 'Left');
    expect(new Set(lost.map(codeOf))).toEqual(new Set(lost.length === 0 ? [] : ['program-has-ended']));
    const sent = new Set(
      receipts.filter(({ events }) => events[0]?.type === 'message-sent').map((one) => one.commandId),
    );
    expect(stream.filter(({ type }) => type === 'message-sent')).toHaveLength(sent.size + 1);
  });
});
