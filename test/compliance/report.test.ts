import { describe, expect, test } from 'vitest';
import { triedWith } from '../../src/compliance/report/tried.ts';
import { standardSetting } from '../../src/compliance/setting.ts';
import { reportAsJson, reportAsMarkdown, type Verdicts } from '../../src/compliance.ts';

const at = '2026-11-22';
const rule = (id: string, en: string) => ({ id, en, sv: `på svenska: ${en}`, sources: ['R012', 'R049'], runs: 40 });
const failure = {
  ...rule('I05', 'a rule | with a bar'),
  ...{ reason: 'steg-7 was open\n``` in a fence', beginning: ['To begin with there is unit 1.'] },
  ...{ history: ['at once: the clock does nothing → accepted'], seed: 7, path: '3', steps: 36 },
};
const { templates } = standardSetting;
const found: Verdicts = {
  tried: triedWith({ policy: 'skane-1', templates, seed: 7, path: undefined, runs: 40, steps: 36, calls: 1234 }),
  seed: 7,
  verdicts: [rule('I01', 'a first rule'), { ...rule('I05', 'a rule | with a bar'), failure }],
  reach: { 'accepted sign-in': 12, purges: 3 },
};

describe('the report of a compliance run', () => {
  const page = reportAsMarkdown(found, { at });

  test('says what was tried, of which library, under which policy, of which templates, and when', () => {
    for (const text of ['| When | 2026-11-22 |', '| Library | folja ', '| Policy | skane-1 |', '| Calls | 1234 |'])
      expect(page).toContain(text);
    expect(page).toMatch(/\| Template \| tobakshjalpen \(.*\), SHA-256 [0-9a-f]{64} \|/);
    expect(page).toContain('1 of 2 rules do not hold in 40 runs (seed 7).');
  });

  test('has a row for each rule, in both languages, with its sources and its verdict', () => {
    expect(page).toContain('| I01 | a first rule | på svenska: a first rule | R012, R049 | 40 | holds |');
    expect(page).toContain('| I05 | a rule \\| with a bar |');
    expect(page).toContain('| 40 | **does not hold** |');
  });

  test('has failures in full, in a fence that they do not end', () => {
    const [, told = ''] = /^````text\n(.*?)^````$/ms.exec(page) ?? [];
    expect(told).toContain('``` in a fence');
    expect(told).toContain('  1. at once: the clock does nothing → accepted');
    expect(told).toContain("The same again: compliance({ open, seed: 7, path: '3', steps: 36, runs: 1 })");
  });

  test('says how often the runs came to what the rules are about', () => {
    expect(page).toContain('| purges | 3 |');
  });

  test('says where nothing fails', () => {
    const [first] = found.verdicts;
    const clean = reportAsMarkdown({ ...found, verdicts: first === undefined ? [] : [first] }, { at });
    expect(clean).toContain('All 1 rules hold in 40 runs (seed 7).');
    expect(clean).toContain('## What does not hold\n\nNothing.');
  });

  test('is the same as JSON', () => {
    const document = JSON.parse(reportAsJson(found, { at }));
    expect(document).toMatchObject({ at, ok: false, tried: { seed: 7, policy: 'skane-1' }, reach: { purges: 3 } });
    expect(document.rules.map(({ id, verdict }: Record<string, string>) => [id, verdict])).toEqual([
      ['I01', 'holds'],
      ['I05', 'does-not-hold'],
    ]);
    expect(document.rules[1].failure).toEqual(failure);
  });

  test('gives the same digest for the same content, and another for another', () => {
    const [template] = templates;
    if (template === undefined) throw new Error('no template');
    const other = { ...template, content: { ...template.content, title: 'Another' } };
    const same = {
      ...template,
      content: Object.fromEntries(Object.entries(template.content).reverse()),
    } as typeof template;
    const digests = triedWith({ ...found.tried, path: undefined, templates: [template, same, other] }).templates;
    const [one, two, three] = digests.map(({ digest }) => digest);
    expect([one === two, one === three]).toEqual([true, false]);
  });
});
