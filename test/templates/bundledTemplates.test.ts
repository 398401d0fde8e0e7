import { describe, expect, test } from 'vitest';
import { type Module, TemplateContent } from '../../src/domain/template/content.ts';
import { bundledTemplates } from '../../src/templates/bundledTemplates.ts';

const contentOf = (templateId: string): TemplateContent => {
  const found = bundledTemplates.find((template) => template.templateId === templateId);
  if (found === undefined) throw new Error(`no bundled template ${templateId}`);
  return found.content;
};

const amning = contentOf('lar-dig-om-amning');
const tobak = contentOf('tobakshjalpen');

const moduleOf = (content: TemplateContent, id: string): Module => {
  const found = content.modules.find((module) => module.id === id);
  if (found === undefined) throw new Error(`no module ${id}`);
  return found;
};

const idsWhere = (content: TemplateContent, holds: (module: Module) => boolean) =>
  content.modules.filter(holds).map(({ id }) => id);

const stepsFrom = (first: number, last: number): readonly string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `steg-${first + index}`);

describe.each(bundledTemplates)('the bundled template $templateId', ({ templateId, content }) => {
  test('fits the schema of what can be published, unchanged', () => {
    expect(TemplateContent.parse(content)).toEqual(content);
  });

  test('R042 asks its clinicians for training in the program itself', () => {
    expect(content.eligibility.training).toBe(templateId);
  });

  test('R093 has a default welcome text', () => {
    expect(content.welcomeText).not.toBe('');
  });

  test('R105 R110 gives every module a first section', () => {
    expect(content.modules.map(({ sections }) => sections[0]?.id)).toEqual(content.modules.map(() => 'avsnitt-1'));
  });

  test('R127 R128 leaves the days of a module to the clinician, since the manual gives none', () => {
    expect(content.modules.filter(({ days }) => days !== undefined)).toEqual([]);
  });

  test('R226 R227 offers end reasons that are marked as placeholders, among them one according to plan', () => {
    expect(content.endReasons.map(({ code }) => code)).toContain('avslutad-enligt-plan');
    expect(content.endReasons.filter(({ label }) => !label.includes('platshållare'))).toEqual([]);
  });

  test('R267 is due for review every year', () => {
    expect(content.reviewEveryMonths).toBe(12);
  });
});

describe('Lär dig om amning', () => {
  test('R002 is a support program', () => {
    expect(amning.kind).toBe('support');
  });

  test('R003 calls its residents parents', () => {
    expect(amning.resident).toEqual({ one: 'förälder', many: 'föräldrar' });
  });

  test('R005 is for maternity care and child health care units only', () => {
    expect(amning.unitKinds.toSorted()).toEqual(['bmm', 'bvc']);
  });

  test('R046 R047 is for midwives and specialist nurses employed in maternal or child health care', () => {
    expect(amning.eligibility.professions.toSorted()).toEqual(['midwife', 'specialist-nurse']);
    expect(amning.eligibility.employments.toSorted()).toEqual(['child-health', 'maternal-health']);
  });

  test('R094 welcomes with the text of the manual, word for word', () => {
    expect(amning.welcomeText).toBe(
      'Välkommen till programmet Lär dig om amning. Här har du tillgång till information och vägledning om amning',
    );
  });

  test('R104 has exactly twelve chapters, in order', () => {
    expect(amning.modules.map(({ id }) => Number(id.replace('kapitel-', '')))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    ]);
  });

  test('R106 has every chapter open from start to end', () => {
    expect(idsWhere(amning, ({ obligation, opensAtStart }) => obligation !== 'always-open' || !opensAtStart)).toEqual(
      [],
    );
  });

  test('R107 recommends chapters 1–4, and no other, during pregnancy', () => {
    expect(idsWhere(amning, ({ recommendedDuring }) => recommendedDuring === 'pregnancy')).toEqual([
      'kapitel-1',
      'kapitel-2',
      'kapitel-3',
      'kapitel-4',
    ]);
    expect(idsWhere(amning, ({ recommendedDuring }) => recommendedDuring !== undefined)).toHaveLength(4);
  });

  test('R108 lists chapter titles, marked as placeholders where the manual gives none', () => {
    expect(idsWhere(amning, ({ title }) => !title.includes('platshållare'))).toEqual([]);
  });

  test('R167 D7 notifies the inbox of every message', () => {
    expect(amning.notifyInbox).toBe(true);
  });

  test('R254 is registered with AMNSOB on a maternity care unit', () => {
    expect(amning.registration.filter(({ unitKind }) => unitKind === 'bmm')).toEqual([
      { unitKind: 'bmm', code: 'AMNSOB' },
    ]);
  });

  test('R256 is registered by an attribute that yields AMNSOB on a child health care unit', () => {
    expect(amning.registration.filter(({ unitKind }) => unitKind === 'bvc')).toEqual([
      { unitKind: 'bvc', code: 'AMNSOB', attribute: 'Amningshjälpen SOB' },
    ]);
  });

  test('R222 has no follow-ups', () => {
    expect(amning.followUps).toEqual([]);
  });
});

describe('Tobakshjälpen', () => {
  test('R109 is a treatment program, open to any kind of unit, profession and employment', () => {
    expect(tobak.kind).toBe('treatment');
    expect([tobak.unitKinds, tobak.eligibility.professions, tobak.eligibility.employments]).toEqual([[], [], []]);
  });

  test('R003 calls its residents patients', () => {
    expect(tobak.resident).toEqual({ one: 'patient', many: 'patienter' });
  });

  test('R093 marks its welcome text as a placeholder, since the manual gives none', () => {
    expect(tobak.welcomeText).toContain('platshållare');
  });

  test('R110 asks questions in every step', () => {
    const asked = stepsFrom(1, 7).map((id) => moduleOf(tobak, id).forms.find((form) => form.id === 'fragor'));
    expect(asked.map((form) => [form?.visible, form?.purpose, (form?.questions.length ?? 0) > 0])).toEqual(
      stepsFrom(1, 7).map(() => [true, 'care', true]),
    );
  });

  test('R111 makes steps 1–7 mandatory and all else individual', () => {
    expect(idsWhere(tobak, ({ obligation }) => obligation === 'mandatory')).toEqual(stepsFrom(1, 7));
    expect(idsWhere(tobak, ({ obligation }) => obligation === 'always-open')).toEqual([]);
  });

  test('R112 R118 opens exactly three modules at start', () => {
    expect(idsWhere(tobak, ({ opensAtStart }) => opensAtStart)).toEqual(['inledning', 'bra-att-veta', 'steg-1']);
  });

  test.each([
    ['R112', 'inledning', 'Inledning'],
    ['R112', 'bra-att-veta', 'Bra att veta'],
    ['R113', 'graviditet', 'Graviditet och tobak'],
    ['R113', 'operation', 'Operation och tobak'],
    ['R113', 'ung', 'Ung och tobak'],
    ['R113', 'cancer', 'Cancer och tobak'],
    ['R114', 'steg-1', 'Uppvärmning och förberedelser - lägg en bra grund'],
    ['R115', 'steg-2', 'Uppstart och stoppfasen - var nyfiken och aktiv'],
    ['R116', 'steg-3', 'Håll i och håll ut - bygg vidare på säkerheten'],
  ])('%s titles %s as the manual does', (_, id, title) => {
    expect(moduleOf(tobak, id).title).toBe(title);
  });

  test('R117 gives steps 4–7 one title and keeps them four steps', () => {
    expect(idsWhere(tobak, ({ title }) => title === 'Återkoppling och uppföljning - en framtid som tobaksfri')).toEqual(
      stepsFrom(4, 7),
    );
  });

  test('R146 R147 asks closing questions in the last step, for quality and not for care', () => {
    const closing = tobak.modules.flatMap(({ id, forms }) =>
      forms.filter(({ purpose }) => purpose === 'quality').map((form) => [id, form.id, form.visible]),
    );
    expect(closing).toEqual([['steg-7', 'avslutningsfragor', true]]);
  });

  test('R169 D7 notifies the inbox only when the clinician says so', () => {
    expect(tobak.notifyInbox).toBe(false);
  });

  test('R221 R222 follows up at 3, 6 and 12 months, in forms of steps 4–7', () => {
    expect(tobak.followUps.map(({ id, afterMonths }) => [id, afterMonths])).toEqual([
      ['uppfoljning-3', 3],
      ['uppfoljning-6', 6],
      ['uppfoljning-12', 12],
    ]);
    for (const { moduleId, formId } of tobak.followUps) {
      expect(stepsFrom(4, 7)).toContain(moduleId);
      expect(moduleOf(tobak, moduleId).forms.map(({ id }) => id)).toContain(formId);
    }
  });

  test('R224 follows up for the last time within the recommended two years', () => {
    expect(Math.max(...tobak.followUps.map(({ afterMonths }) => afterMonths))).toBeLessThan(24);
  });
});
