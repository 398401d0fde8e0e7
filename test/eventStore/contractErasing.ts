import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { type EventStore, erasureStages } from '../../src/eventStore/eventStore.ts';
import { type Open, right } from './builders.ts';
import { anEvent } from './events.ts';

/** A key id, as keys have them. */
export const aKeyId = (): string => randomBytes(16).toString('hex');

/** An event whose personal part begins as everything does that a key has sealed. */
export const sealedUnder = (keyId: string, rest = randomBytes(60)) =>
  anEvent({ flesh: { sealed: Buffer.concat([Buffer.from(`01${keyId}`, 'hex'), rest]) } });

/** A program with three personal parts and the fence of its purge. */
export const aFencedProgram = async (events: EventStore, stream: string): Promise<string> => {
  const keyId = aKeyId();
  const parts = [sealedUnder(keyId), sealedUnder(keyId), anEvent(), sealedUnder(keyId)];
  await right(events.append(stream, 'no-stream', parts));
  await right(events.append(stream, 3, [anEvent({ type: 'purged' })], { erasure: { keyId } }));
  return keyId;
};

/** What is promised of an erasure that is under way. */
export const erasingContract = (open: Open): void => {
  test('P12 R240 is noted stage by stage, for a stream that has one', async () => {
    const { engine, close } = await open();
    const keyId = await aFencedProgram(engine.events, 'program-a');
    for (const stage of erasureStages) {
      await right(engine.events.moveErasure('program-a', stage));
      await right(engine.events.moveErasure('program-b', stage));
      expect(await right(engine.events.pendingErasures())).toEqual([{ stream: 'program-a', keyId, stage, parts: 0 }]);
    }
    await close();
  });

  test('P12 R240 counts the personal parts that were deleted, each once', async () => {
    const { engine, close } = await open();
    await aFencedProgram(engine.events, 'program-a');
    await aFencedProgram(engine.events, 'program-b');
    for (const stream of ['program-a', 'program-a']) await right(engine.events.eraseFlesh(stream));
    expect((await right(engine.events.pendingErasures())).map(({ parts }) => parts)).toEqual([3, 0]);
    await close();
  });

  test('P12 R242 tells how many sealed values of a key are left, and none once they are erased', async () => {
    const { engine, close } = await open();
    const [stream, other] = ['program-a', 'program-b'];
    const keyId = await aFencedProgram(engine.events, stream);
    const neighbor = await aFencedProgram(engine.events, other);
    expect(await right(engine.events.remnants({ stream, keyId }))).toBeGreaterThanOrEqual(3);
    await right(engine.events.eraseFlesh(stream));
    expect(await right(engine.events.scrub())).toBe(true);
    expect(await right(engine.events.remnants({ stream, keyId }))).toBe(0);
    expect(await right(engine.events.remnants({ stream: other, keyId: neighbor }))).toBe(3);
    await close();
  });
};
