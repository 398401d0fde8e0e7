import { describe, expect, test } from 'vitest';
import { encode, toStored } from '../../src/eventStore/codec.ts';
import { evidenceOf, uuidBytes } from '../../src/eventStore/storedRow.ts';
import { anEvent } from './events.ts';

const event = anEvent();
const row = {
  ...{ position: 7, stream: 'program-a', revision: 0, id: uuidBytes(event.id) },
  ...encode(toStored(event, 'program-a', 0)),
};
const sealed = Buffer.from('sealed');

describe('a row of the log', () => {
  test('P11 is evidence as it lies, with what is sealed beside it or without', () => {
    const { body, digest } = row;
    const evidence = { position: 7, stream: 'program-a', revision: 0, id: event.id, body, digest };
    expect(evidenceOf(row, undefined)).toEqual({ _tag: 'Right', right: evidence });
    expect(evidenceOf(row, sealed)).toEqual({ _tag: 'Right', right: { ...evidence, sealed } });
  });

  test.each([
    ['stream', 5],
    ['revision', null],
    ['id', 'text'],
    ['body', 5],
    ['digest', 5],
  ])('P11 whose %s damage has made into another type is damaged, and nothing is thrown', (column, value) => {
    const result = evidenceOf({ ...row, [column]: value }, sealed);
    expect(result).toEqual({ _tag: 'Left', left: { kind: 'damaged', what: 'event at position 7' } });
  });

  test('P11 whose sealed part damage has made into a number is damaged, and nothing is thrown', () => {
    expect(evidenceOf(row, 5 as never)).toMatchObject({ left: { kind: 'damaged' } });
  });
});
