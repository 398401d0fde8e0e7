import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aStartedProgram, end, purge, theConversation, theProgram } from './given.ts';
import { at, maternity, resident, tolvan } from './people.ts';
import { openIn, type World } from './world.ts';

/** The events as they were before the purge, beside the keys as they are after it. */
const restored = async (): Promise<World> => {
  const world = await aStartedProgram('in SQLite');
  await end(world, theProgram);
  const { directory } = world;
  const file = join(directory, 'unit.db');
  await world.close();
  copyFileSync(file, join(directory, 'backup.db'));
  const again = await openIn(directory);
  expect((await purge(again, theProgram)).erasure).toBe('erased');
  await again.close();
  copyFileSync(join(directory, 'backup.db'), file);
  return openIn(directory);
};

describe('an older event store put back beside its keys', () => {
  test('R242 P12 gives back nothing of a program whose key was destroyed', async () => {
    const { sees, misses } = await restored();
    expect((await sees({ view: 'overview', tab: 'ended' }, at(maternity, 'b'))).rows).toEqual([]);
    expect(await misses({ view: 'program', programId: theProgram }, at(maternity, 'b'))).toEqual({
      kind: 'refused',
      code: 'program-purged',
    });
    const messages = await sees(
      { view: 'conversation', programId: theProgram, conversationId: theConversation },
      at(maternity, 'b'),
    );
    expect(messages.rows.map(({ body, sender }) => [body, sender])).toEqual([['', '']]);
    expect(await misses({ view: 'my-program', programId: theProgram }, resident(tolvan))).toEqual({
      kind: 'refused',
      code: 'program-has-ended',
    });
  });

  test('R241 lists the program to its data administrator, who purges it again', async () => {
    const world = await restored();
    const list = await world.sees({ view: 'purge-list' }, at(maternity, 'da'));
    expect(list.rows.map(({ programId }) => programId)).toEqual([theProgram]);
    expect((await purge(world, theProgram)).erasure).toBe('erased');
    expect((await world.sees({ view: 'purge-list' }, at(maternity, 'da'))).rows).toEqual([]);
  });
});
