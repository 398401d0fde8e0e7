import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { Core } from '../../../src/access/core.ts';
import { exportOf } from '../../../src/commands/exporting/exporting.ts';
import type { StoredEvent } from '../../../src/eventStore/eventStore.ts';
import type { Problem } from '../../../src/index.ts';
import { aStartedProgram, end, purge, theProgram } from '../../library/given.ts';
import { at, maternity } from '../../library/people.ts';
import { codeOf, stores, type World } from '../../library/world.ts';

type Events = Core['events'];

/** What an export works with, where something happens as soon as the history has been read. */
const coreOf = ({ engine }: World, meanwhile: () => Promise<unknown> = async () => undefined): Core => {
  const read: Events['read'] =
    (...given) =>
    async () => {
      const events = await engine.events.read(...given)();
      await meanwhile();
      return events;
    };
  // Of the core, an export takes the events, the keys and the read models.
  return { ...engine, events: { ...engine.events, read } } as unknown as Core;
};

const made = async (core: Core): Promise<string> => {
  const result = await exportOf(core, { programId: theProgram, format: 'json' }, '2026-03-02T08:00:00.000Z');
  return codeOf(result as E.Either<Problem, object>);
};

describe.each(stores)('the document of an export %s', (kind) => {
  test('R246 is not made of a program that is purged while it is read, nor of a purged one', async () => {
    const world = await aStartedProgram(kind);
    await end(world, theProgram);
    expect(await made(coreOf(world))).toBe('done');
    expect(await made(coreOf(world, () => purge(world, theProgram)))).toBe('program-purged');
    expect(await made(coreOf(world))).toBe('program-purged');
  });

  test('R246 is not made of a purged program whose key is not destroyed yet', async () => {
    const world = await aStartedProgram(kind);
    const core = coreOf(world);
    const read: Events['read'] = (stream) => async () =>
      E.map((events: readonly StoredEvent[]) => {
        const { sealedDigest: _, ...last } = events.at(-1) as StoredEvent;
        return [...events, { ...last, type: 'purged', version: 1, data: { disposalDecision: 'RA-1' } }];
      })(await core.events.read(stream)());
    expect(await made({ ...core, events: { ...core.events, read } })).toBe('program-purged');
  });

  test('R246 is not made of a part of what was written', async () => {
    const world = await aStartedProgram(kind);
    await world.does('change-welcome-text', { programId: theProgram, text: 'Hej!' }, at(maternity, 'b'));
    const core = coreOf(world);
    const sealedParts: Events['sealedParts'] = (positions) => core.events.sealedParts(positions.slice(0, -1));
    expect(await made({ ...core, events: { ...core.events, sealedParts } })).toBe('program-purged');
  });
});
