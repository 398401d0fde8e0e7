import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canaryLife } from './canaries.ts';
import { phases } from './livedApart.ts';
import { searchFor } from './scanning.ts';
import { sealedFields } from './secretsOf.ts';
import { tracesOfParts } from './traces.ts';
import { type Lived, liveWatched } from './watched.ts';

const seed = Number(process.env.FOLJA_SEED ?? 1177);
const { canaries } = canaryLife(seed);
const isCanary = (text: string): boolean => canaries.some((canary) => text.includes(canary.text));

let sealed: Lived;
let bare: Lived;
beforeAll(async () => {
  [sealed, bare] = await Promise.all([liveWatched(seed), liveWatched(seed, { withoutEncryption: true })]);
}, 180_000);
afterAll(() => {
  sealed?.remove();
  bare?.remove();
});

/** The canaries of the life's program, and those of the directory of staff, whose keys and texts live on. */
const isOfStaff = (field: string): boolean => field.startsWith('register-staff');
const [ofStaff, ofProgram] = [
  canaries.filter(({ field }) => isOfStaff(field)),
  canaries.filter(({ field }) => !isOfStaff(field)),
];

describe(`a whole life in a process of its own, of seed ${seed}`, () => {
  test('E1 R249 gives each personal field that an event can have a canary, and no other text', () => {
    expect(sealedFields.length).toBeGreaterThan(12);
    for (const field of sealedFields) expect(sealed.personalTexts.get(field)?.filter(isCanary), field).not.toEqual([]);
    for (const field of sealedFields.filter((one) => !one.startsWith('staff-')))
      expect(
        sealed.personalTexts.get(field)?.filter((text) => !isCanary(text)),
        field,
      ).toEqual([]);
  });

  test('E1 R249 made the library fail in every way, in front of a host that prints everything', () => {
    const { outcomes, printed } = sealed.seen.ended;
    const failed = { invalid: 8, 'opening with another master key failed': 1 };
    expect(outcomes).toMatchObject({ ...failed, rebuild: 2, verify: 1, head: 1, replay: 2, rotate: 1 });
    expect(outcomes.refused).toBeGreaterThan(5);
    for (const told of ['"issues":[{', 'program-purged', 'The master key is not the one'])
      expect(printed).toContain(told);
  });

  test.each(phases)(
    'P12 R240 R242 R249 R250 E1 leaves no personal text anywhere in any form once it is %s',
    (phase) => {
      expect(sealed.seen[phase].files.length).toBeGreaterThan(2);
      expect(sealed.seen[phase].ofCanaries).toEqual([]);
    },
  );

  test.each(phases)('P12 R242 R250 E3 leaves no key as it is anywhere once it is %s', (phase) => {
    expect(sealed.keys.length).toBeGreaterThan(60);
    expect(sealed.seen[phase].ofKeys).toEqual([]);
  });

  test('P12 P13 R242 E3 holds the wrapping of the care key in the key file until the purge, and none of any key by the earlier master key after the rotation', () => {
    const { lived, closed, purged, ended } = sealed.seen;
    for (const { ofWrapped, files } of [lived, closed]) {
      const holding = ofWrapped.filter(({ text }) => text === sealed.careKey).map(({ where }) => where);
      expect(holding).toContain(files.find((file) => file.endsWith('unit.keys.db')));
      expect(holding.filter((where) => !where.includes('unit.keys.db'))).toEqual([]);
    }
    expect(purged.ofWrapped.filter(({ text }) => text === sealed.careKey)).toEqual([]);
    expect(new Set(purged.ofWrapped.map(({ text }) => text)).size).toBe(sealed.keys.length - 1);
    expect(ended.ofWrapped).toEqual([]);
  });

  test('P12 R240 E1 has the files of an open replay until the purge, and not after', () => {
    const replays = ({ files }: Lived['seen']['ended']) => files.filter((file) => file.includes('.replay-'));
    expect(replays(sealed.seen.lived)).not.toEqual([]);
    expect(replays(sealed.seen.purged)).toEqual([]);
  });

  test('P12 R240 E1 calls the program erased, once the host’s own archive has let go of it', () => {
    const purges = { 'purge-program erasure-pending': 1, 'purge-program erased': 1 };
    expect(sealed.seen.purged.outcomes).toMatchObject(purges);
    expect(bare.seen.purged.outcomes).toMatchObject(purges);
  });
});

describe(`the same life without encryption, of seed ${seed}`, () => {
  const foundIn = ({ ofCanaries }: { readonly ofCanaries: Lived['seen']['ended']['ofCanaries'] }) =>
    new Set(ofCanaries.map(({ text }) => text));
  /** A resident's number is kept in twelve digits; the other forms are only ever written by people. */
  const isKept = ({ text }: { readonly text: string }): boolean =>
    !/^[\d+-]+$/.test(text) || /^(\d{12}|\d{10})$/.test(text);

  test.each(['lived', 'closed'] as const)('E2 shows every canary to the scan once it is %s', (phase) => {
    expect([...foundIn(bare.seen[phase])].toSorted()).toEqual(
      canaries
        .filter(isKept)
        .map(({ text }) => text)
        .toSorted(),
    );
  });

  test.each(['lived', 'closed'] as const)('E2 shows every key to the scan once it is %s', (phase) => {
    expect(new Set(bare.seen[phase].ofKeys.map(({ text }) => text)).size).toBe(bare.keys.length);
  });

  test('E2 R242 keeps personal texts in the two tables that are meant for them, and in no other', () => {
    const tables = bare.seen.closed.ofCanaries.map(({ where }) => /(\w+) of .*unit\.db$/.exec(where)?.[1]);
    expect(new Set(tables.filter((table) => table !== undefined))).toEqual(new Set(['flesh', 'audit_subjects']));
  });

  test.each(['purged', 'ended'] as const)(
    'P12 R242 R246 E1 has lost what the program said down to the bytes of its files once it is %s: all but the log’s own row',
    (phase) => {
      const kept = ofProgram.filter(({ text }) => /^\d+$/.test(text)).map(({ text }) => text);
      expect([...foundIn(bare.seen[phase])].toSorted()).toEqual(
        [...kept, ...ofStaff.map(({ text }) => text)].toSorted(),
      );
      const ofNumber = bare.seen[phase].ofCanaries.filter(({ text }) => kept.includes(text));
      expect(ofNumber.map(({ where }) => where).filter((where) => where.includes('flesh'))).toEqual([]);
    },
  );

  test('E3 has lost the care key as well', () => {
    const careKeyOf = ({ ofKeys }: Lived['seen']['ended']) => ofKeys.filter(({ text }) => text === bare.careKey);
    expect(careKeyOf(bare.seen.closed)).not.toEqual([]);
    expect(careKeyOf(bare.seen.purged)).toEqual([]);
    expect(careKeyOf(bare.seen.ended)).toEqual([]);
  });
});

describe('the search', () => {
  test('E2 is for more than a thousand ways to write the canaries', () => {
    const traces = tracesOfParts(canaries.map(({ text }) => text));
    expect(traces.length).toBeGreaterThan(1_000);
    expect(searchFor(traces)(Buffer.from(canaries[7]?.text ?? ''))).not.toEqual([]);
  });
});
