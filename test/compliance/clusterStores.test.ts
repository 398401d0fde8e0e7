import { describe, expect, test } from 'vitest';
import type { Ground } from '../../src/compliance/living/grounds.ts';
import { type Opened, openOn } from '../../src/compliance/living/opened.ts';
import { beginning } from '../../src/compliance/living/preparing.ts';
import { belongings } from '../../src/compliance/living/remnants.ts';
import { setUp } from '../../src/compliance/world.ts';
import { twoNodes } from './clusterStores.ts';
import { other, starting, unit } from './contenders.ts';
import { setting } from './stores.ts';

const aStart = async ({ folja }: Opened): Promise<string> => {
  for (const calls of setUp(setting, [unit, unit]).flat())
    for (const call of calls) if (call.kind === 'command') await folja.execute(call.command, call.actor);
  const { command, actor } = starting(1);
  const started = await folja.execute(command, actor);
  return started._tag === 'Right' ? (started.right.ids.programId ?? '') : '';
};

const purge = async ({ folja }: Opened, programId: string): Promise<void> => {
  const ending = { programId, reason: 'avslutad-enligt-plan', residentAware: true };
  await folja.execute({ type: 'end-program', data: ending }, starting(1).actor);
  await folja.execute({ type: 'purge-program', data: { programId, disposalDecision: 'RA-1' } }, other);
};

describe('the files of a store on a cluster', () => {
  test('control: I21 hold the sealed parts of a program until it is purged, on the disks of the servers too', async () => {
    const [store, unused] = twoNodes();
    const opened = await openOn(store, () => new Date(beginning));
    const programId = await aStart(opened);
    const { bytes } = await belongings(opened.engine, programId);
    const left = ({ files }: Ground): number => {
      const all = files();
      return bytes.filter((part) => all.some((file) => file.includes(part))).length;
    };
    expect(bytes.length).toBeGreaterThan(0);
    // The other node is not open: what is found there lies on the servers.
    expect([left(store), left(unused)]).toEqual([bytes.length, bytes.length]);
    await purge(opened, programId);
    expect([left(store), left(unused)]).toEqual([0, 0]);
    await opened.folja.close();
    for (const each of [store, unused]) each.remove();
  });
});
