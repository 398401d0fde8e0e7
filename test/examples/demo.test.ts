import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inMemoryStore, openFolja } from 'folja';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { mina } from '../../examples/demo/dashboards.ts';
import { paintFor } from '../../examples/demo/paint.ts';
import { maja, region } from '../../examples/demo/people.ts';
import { personalTextsIn } from '../../examples/demo/personalTexts.ts';
import { isApart, told } from '../../examples/demo/print.ts';
import { isClean, scan } from '../../examples/demo/scan.ts';
import { demoClock, Surprise, stageOn, type Told } from '../../examples/demo/stage.ts';
import { tableOf } from '../../examples/demo/tables.ts';

describe('a stage', () => {
  const stageWith = async (pieces: Told[]) => {
    const clock = demoClock('2026-03-02T07:00:00.000Z');
    const folja = await openFolja({ store: inMemoryStore(), masterKey: new Uint8Array(32), clock: clock.now });
    return stageOn(folja, clock, (piece) => pieces.push(piece));
  };

  test('stops at the first act that comes out otherwise, after telling of it', async () => {
    const pieces: Told[] = [];
    const stage = await stageWith(pieces);
    const command = { type: 'deactivate-unit', data: { unitId: maja.unit.unitId } };
    await expect(stage.act(region, 'deactivates what is not there', command)).rejects.toThrow(Surprise);
    expect(pieces).toMatchObject([{ outcome: 'refused: unknown-unit', expected: 'ok' }]);
    expect(told(pieces[0] as Told, { width: 120, paint: paintFor({}) })).toContain('SURPRISE: expected ok');
    await stage.folja.close();
  });

  test('stops at a dashboard that comes out otherwise', async () => {
    const stage = await stageWith([]);
    await expect(stage.show(maja, mina)).rejects.toThrow('expected ok, came out refused: unknown-unit');
    await stage.folja.close();
  });
});

describe('a scan', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folja-scan-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test.each(['utf8', 'utf16le'] as const)('finds a text in %s amid others', async (encoding) => {
    await writeFile(join(folder, 'clean'), 'nothing here');
    await writeFile(join(folder, 'leak'), Buffer.concat([Buffer.alloc(999, 7), Buffer.from('Åsa Öst', encoding)]));
    const found = await scan('now', folder, ['Bo Ek', 'Åsa Öst']);
    expect(found.found).toEqual([{ file: 'leak', text: 1, encoding }]);
    expect(isClean(found)).toBe(false);
  });

  test('is clean where nothing lies in clear, and proves nothing without texts', async () => {
    await writeFile(join(folder, 'clean'), 'nothing here');
    expect(isClean(await scan('now', folder, ['Bo Ek']))).toBe(true);
    expect(isClean(await scan('now', folder, []))).toBe(false);
  });

  test('looks for a personal number in every way of writing it', () => {
    const data = { resident: { name: 'Tolvan Tolvansson', personalNumber: '19121212-1212' } };
    expect(personalTextsIn({ type: 'start-program', data })).toEqual([
      ...['Tolvan Tolvansson', '19121212-1212', '191212121212', '1212121212', '121212-1212'],
    ]);
  });
});

describe('a table', () => {
  const columns = ['Name', 'When', 'What'];
  const rows = [['Tolvan Tolvansson', '2026-03-09 09:05', 'writes a welcome text of her own']];
  const paint = (cell: string): string => cell;

  test.each([60, 70, 80, 120])('fits a width of %i', (width) => {
    const lines = tableOf(columns, rows, { width, paint }).split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(width);
  });

  test('shortens words before it shortens a time', () => {
    const table = tableOf(columns, rows, { width: 60, paint });
    expect(table).toContain('2026-03-09 09:05');
    expect(table).toContain('…');
  });
});

describe('colors', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('are for terminals only, and not where they are declined', () => {
    vi.stubEnv('NO_COLOR', undefined);
    expect(paintFor({ isTTY: true })('bold', 'text')).toContain('\u001b[');
    expect(paintFor({ isTTY: false })('bold', 'text')).toBe('text');
    vi.stubEnv('NO_COLOR', '1');
    expect(paintFor({ isTTY: true })('bold', 'text')).toBe('text');
  });
});

describe('lines of the story', () => {
  const act: Told = { kind: 'act', at: '', who: '', what: '', outcome: 'ok', expected: 'ok' };

  test('follow each other closely, and chapters stand apart', () => {
    expect(isApart(act, act)).toBe(false);
    expect(isApart({ kind: 'chapter', title: '' }, act)).toBe(true);
    expect(isApart(act, { kind: 'chapter', title: '' })).toBe(true);
  });
});
