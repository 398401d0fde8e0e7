import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { EventStore } from '../../src/eventStore/eventStore.ts';
import { type Open, right } from './builders.ts';
import { erasingContract } from './contractErasing.ts';
import { anEvent } from './events.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const textOf = (found: Uint8Array | undefined): string | undefined =>
  found === undefined ? undefined : Buffer.from(found).toString();

/** Everything beside the log, as text: sealed parts and marks of each position. */
const fleshOf = async (events: EventStore): Promise<ReadonlyMap<string, unknown>> => {
  const all = await right(events.readAll(0, 1_000));
  const parts = await right(events.sealedParts(all.map(({ position }) => position)));
  const entries = await Promise.all(
    all.map(async ({ id, stream, position }) => {
      const mark = await right(events.markOf(id));
      return [`${stream} ${position}`, [textOf(parts.get(position)?.sealed), textOf(mark)]] as const;
    }),
  );
  return new Map(entries);
};

const fleshed = (text: string) =>
  anEvent({ flesh: { sealed: bytes(`sealed ${text}`), mark: bytes(`mark ${text}`), tag: bytes('resident') } });

const twoPrograms = async (events: EventStore): Promise<void> => {
  await right(events.append('program-a', 'no-stream', [fleshed('a0'), fleshed('a1')]));
  await right(events.append('program-b', 'no-stream', [fleshed('b0'), anEvent()]));
  await right(events.append('program-a', 1, [fleshed('a2')]));
};

const keeping = (open: Open): void => {
  test('is kept by position, with what authenticates it', async () => {
    const { engine, close } = await open();
    const event = fleshed('a0');
    await right(engine.events.append('program-a', 'no-stream', [event, anEvent({ flesh: { mark: bytes('m') } })]));
    const parts = await right(engine.events.sealedParts([2, 1, 1, 99]));
    expect([...parts.keys()]).toEqual([1]);
    expect(parts.get(1)).toMatchObject({ stream: 'program-a', eventId: event.id, type: event.type });
    expect(textOf(parts.get(1)?.sealed)).toBe('sealed a0');
    expect(await right(engine.events.sealedParts([]))).toEqual(new Map());
    await close();
  });

  test('leaves its SHA-256 in the event', async () => {
    const { engine, close } = await open();
    const [stored, plain] = await right(engine.events.append('program-a', 'any', [fleshed('a0'), anEvent()]));
    expect(stored?.sealedDigest).toBe(createHash('sha256').update('sealed a0').digest('hex'));
    expect(plain).not.toHaveProperty('sealedDigest');
    await close();
  });

  test('is not moved by what the caller does to its bytes afterwards', async () => {
    const { engine, close } = await open();
    const sealed = bytes('sealed');
    await right(
      engine.events.append('program-a', 'any', [
        anEvent({ flesh: { sealed: new Uint8Array(sealed.buffer, sealed.byteOffset, 6) } }),
      ]),
    );
    sealed.fill(0);
    expect(textOf((await right(engine.events.sealedParts([1]))).get(1)?.sealed)).toBe('sealed');
    await close();
  });

  test('has marks by event, and none where there is none', async () => {
    const { engine, close } = await open();
    const [marked, plain] = [fleshed('a0'), anEvent({ flesh: { sealed: bytes('sealed') } })];
    await right(engine.events.append('program-a', 'any', [marked, plain]));
    expect(textOf(await right(engine.events.markOf(marked.id)))).toBe('mark a0');
    expect(await right(engine.events.markOf(plain.id))).toBeUndefined();
    expect(await right(engine.events.markOf(randomUUID()))).toBeUndefined();
    await close();
  });

  test('tells the streams that hold a tag once each, oldest first', async () => {
    const { engine, close } = await open();
    const tagged = () => anEvent({ flesh: { tag: bytes('resident') } });
    await right(engine.events.append('program-z', 'any', [tagged(), tagged()]));
    await right(engine.events.append('program-a', 'any', [tagged()]));
    await right(engine.events.append('program-b', 'any', [anEvent({ flesh: { tag: bytes('another') } })]));
    await right(engine.events.append('program-z', 'any', [tagged()]));
    expect(await right(engine.events.streamsWithTag(bytes('resident')))).toEqual(['program-z', 'program-a']);
    expect(await right(engine.events.streamsWithTag(bytes('residen')))).toEqual([]);
    await close();
  });
};

const erasing = (open: Open): void => {
  test.each(['program-a', 'program-b'])("P12 of %s is erased, and every other stream's bytes stay", async (stream) => {
    const { engine, close } = await open();
    await twoPrograms(engine.events);
    const [before, log] = [await fleshOf(engine.events), await right(engine.events.readAll(0, 10))];
    expect(before.get('program-a 5')).toEqual(['sealed a2', 'mark a2']);
    await right(engine.events.eraseFlesh(stream));
    const after = await fleshOf(engine.events);
    for (const [place, parts] of before) {
      expect(after.get(place)).toEqual(place.startsWith(stream) ? [undefined, undefined] : parts);
    }
    const others = ['program-a', 'program-b'].filter((other) => other !== stream);
    expect(await right(engine.events.streamsWithTag(bytes('resident')))).toEqual(others);
    expect(await right(engine.events.readAll(0, 10))).toEqual(log);
    await close();
  });

  test('P12 is erased again without harm, and scrubbed', async () => {
    const { engine, close } = await open();
    await twoPrograms(engine.events);
    await right(engine.events.eraseFlesh('program-a'));
    await right(engine.events.eraseFlesh('program-a'));
    await right(engine.events.eraseFlesh('program-nowhere'));
    expect(await right(engine.events.scrub())).toBe(true);
    expect((await fleshOf(engine.events)).get('program-b 3')).toEqual(['sealed b0', 'mark b0']);
    await close();
  });

  test('P12 is pending from the append that asked for it until it is finished', async () => {
    const { engine, close } = await open();
    await right(engine.events.append('program-b', 'any', [anEvent()], { erasure: { keyId: 'key-b' } }));
    await right(engine.events.append('program-a', 'any', [anEvent()], { erasure: { keyId: 'key-a' } }));
    const [b, a] = [
      { stream: 'program-b', keyId: 'key-b', stage: 'fenced', parts: 0 },
      { stream: 'program-a', keyId: 'key-a', stage: 'fenced', parts: 0 },
    ];
    expect(await right(engine.events.pendingErasures())).toEqual([b, a]);
    await right(engine.events.append('program-b', 'any', [anEvent()], { erasure: { keyId: 'another' } }));
    expect(await right(engine.events.pendingErasures())).toEqual([b, a]);
    await right(engine.events.finishErasure('program-b'));
    await right(engine.events.finishErasure('program-b'));
    expect(await right(engine.events.pendingErasures())).toEqual([a]);
    await close();
  });

  test('P4 P12 is not asked for again by the same append sent again', async () => {
    const { engine, close } = await open();
    const [event, options] = [anEvent(), { erasure: { keyId: 'key-a' } }];
    await right(engine.events.append('program-a', 'any', [event], options));
    await right(engine.events.finishErasure('program-a'));
    await right(engine.events.append('program-a', 'any', [event], options));
    expect(await right(engine.events.pendingErasures())).toEqual([]);
    await close();
  });
};

const subjects = (open: Open): void => {
  test('R251 names the resident of a program once a year: the first row stays', async () => {
    const { engine, close } = await open();
    const [one, two] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
    const subject = (year: number, programId: string, person: string, sealed: string) => ({
      year,
      programId,
      person: bytes(person),
      sealed: bytes(sealed),
    });
    const rows = [subject(2026, two, 'p', 's2'), subject(2026, one, 'p', 's1'), subject(2027, one, 'q', 's3')];
    await right(engine.events.append('access-a', 'any', [anEvent()], { subjects: rows }));
    await right(
      engine.events.append('access-a', 'any', [anEvent()], { subjects: [subject(2026, one, 'other', 'other')] }),
    );
    const found = async (...of: Parameters<EventStore['auditSubjects']>) =>
      (await right(engine.events.auditSubjects(...of))).map(({ year, programId, person, sealed }) => [
        year,
        programId,
        textOf(person),
        textOf(sealed),
      ]);
    const [first, second] = [
      [2026, one, 'p', 's1'],
      [2026, two, 'p', 's2'],
    ];
    expect(await found(2026)).toEqual([first, second]);
    expect(await found(2026, { programId: two })).toEqual([second]);
    expect(await found(2026, { person: bytes('p') })).toEqual([first, second]);
    expect(await found(2026, { person: bytes('other') })).toEqual([]);
    expect(await found(2027)).toEqual([[2027, one, 'q', 's3']]);
    expect(await found(2028)).toEqual([]);
    await close();
  });
};

/** What is promised of what lies beside the log and can be erased. */
export const fleshContract = (open: Open): void => {
  describe('flesh', () => {
    keeping(open);
    erasing(open);
    erasingContract(open);
  });
  describe('the audit log', () => subjects(open));
};
