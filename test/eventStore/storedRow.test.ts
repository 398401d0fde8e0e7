import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encode, leafDigest, toStored } from '../../src/eventStore/codec.ts';
import { eventOf, evidenceOf, sealedPartOf, uuidBytes } from '../../src/eventStore/storedRow.ts';
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

/** A row as SQLite reads it, of an event with a sealed part. */
const sealedRow = (given: Parameters<typeof anEvent>[0] = {}, stream = 'program-a', revision = 3) => {
  const written = anEvent({ ...given, flesh: { sealed } });
  const { body, digest } = encode(toStored(written, stream, revision));
  const id = uuidBytes(written.id).toString('hex');
  return { written, row: { position: 7, stream, revision, id, body, digest: digest.toString('hex') } };
};

const digitsOfDigest = (body: string): string => leafDigest(body).toString('hex');
const asBytes = <Row extends { readonly id: string; readonly digest: string }>(read: Row) => ({
  ...read,
  id: Buffer.from(read.id, 'hex'),
  digest: Buffer.from(read.digest, 'hex'),
});

const json = fc.dictionary(fc.string(), fc.jsonValue());
const misleading = '"id":"","policy":"","revision":0,"sealedDigest":"","stream":"program-b","type":"other"}';
const texts = fc.oneof(fc.string(), fc.constantFrom('standard-1', 'unit-SE-1', 'message-sent', misleading, '"', '\\'));

describe('a sealed part beside a row', () => {
  test('P11 is where its event says, whatever the event holds, and as reading the whole event says it', () => {
    const given = fc.record({ type: texts, policy: texts, data: json, version: fc.constantFrom(2, 17) });
    fc.assert(
      fc.property(given, texts, fc.nat(), fc.boolean(), ({ version, ...of }, stream, revision, isOlder) => {
        const { written, row: read } = sealedRow({ ...of, ...(isOlder ? {} : { version }) }, stream, revision);
        const part = [7, { sealed, stream, eventId: written.id, type: of.type }];
        expect(sealedPartOf(read, sealed)).toEqual({ _tag: 'Right', right: part });
        expect(sealedPartOf(asBytes(read), sealed)).toEqual({ _tag: 'Right', right: part });
        expect(eventOf(read)).toMatchObject({ right: { id: written.id, stream, revision, type: of.type } });
      }),
    );
  });

  test('P11 is damaged with another byte of it, and with any character of its event or digest changed', () => {
    const { row: read } = sealedRow();
    const atSeven = { _tag: 'Left', left: { kind: 'damaged', what: 'event at position 7' } };
    const changed = (text: string, at: number) =>
      `${text.slice(0, at)}${text[at] === '0' ? '1' : '0'}${text.slice(at + 1)}`;
    for (let at = 0; at < read.body.length; at += 1)
      expect(sealedPartOf({ ...read, body: changed(read.body, at) }, sealed)).toEqual(atSeven);
    for (let at = 0; at < read.digest.length; at += 1)
      expect(sealedPartOf({ ...read, digest: changed(read.digest, at) }, sealed)).toEqual(atSeven);
    for (let at = 0; at < sealed.length; at += 1)
      expect(sealedPartOf(read, Buffer.from(changed(sealed.toString('latin1'), at), 'latin1'))).toMatchObject({
        left: { what: 'flesh at position 7' },
      });
  });

  test.each([
    ['stream', 'program-b'],
    ['revision', 4],
    ['id', uuidBytes(randomUUID()).toString('hex')],
    ['id', ''],
  ])('P11 is damaged where the column %s is another (%s)', (column, value) => {
    const { row: read } = sealedRow();
    expect(sealedPartOf({ ...read, [column]: value }, sealed)).toMatchObject({ left: { what: 'event at position 7' } });
  });

  test.each(['{', 'null', '[]', '"id"', '{}'])(
    'P11 is damaged where the text is %s, under a digest that fits',
    (body) => {
      const { row: read } = sealedRow();
      const damaged = { left: { kind: 'damaged', what: 'event at position 7' } };
      expect(sealedPartOf({ ...read, body, digest: digitsOfDigest(body) }, sealed)).toMatchObject(damaged);
    },
  );

  test('P11 beside an event that sealed nothing is damaged', () => {
    const bare = { ...row, id: row.id.toString('hex'), digest: row.digest.toString('hex') };
    expect(sealedPartOf(bare, sealed)).toMatchObject({ left: { what: 'flesh at position 7' } });
  });
});
