import type { Module, TemplateContent } from '../domain/template/content.ts';
import { placeholder, placeholderEndReasons } from './placeholders.ts';

const chapters = 12; // R104
const recommendedDuringPregnancy = 4; // R107: chapters 1–4

/** The manual names no chapter, and says only that the number of sections varies (R105): each gets one that stands in. */
const chapter = (number: number): Module => ({
  id: `kapitel-${number}`,
  title: placeholder(`Kapitel ${number}`, 'titel'),
  obligation: 'always-open', // R106
  opensAtStart: true,
  ...(number <= recommendedDuringPregnancy ? { recommendedDuring: 'pregnancy' } : {}),
  sections: [{ id: 'avsnitt-1', title: placeholder('Avsnitt 1', 'titel') }],
  forms: [],
});

/** The support program *Lär dig om amning* as Region Skåne's manual for clinicians describes it. */
export const larDigOmAmning: TemplateContent = {
  title: 'Lär dig om amning',
  kind: 'support',
  resident: { one: 'förälder', many: 'föräldrar' }, // R003
  unitKinds: ['bmm', 'bvc'], // R005
  eligibility: {
    professions: ['midwife', 'specialist-nurse'],
    employments: ['maternal-health', 'child-health'],
    training: 'lar-dig-om-amning',
  },
  welcomeText:
    'Välkommen till programmet Lär dig om amning. Här har du tillgång till information och vägledning om amning', // R094
  notifyInbox: true, // D7: a message from the clinician always gives a notice
  reviewEveryMonths: 12, // R267: "t.ex. årsvis"
  modules: Array.from({ length: chapters }, (_, index) => chapter(index + 1)),
  followUps: [],
  endReasons: placeholderEndReasons,
  registration: [
    { unitKind: 'bmm', code: 'AMNSOB' }, // R254
    { unitKind: 'bvc', code: 'AMNSOB', attribute: 'Amningshjälpen SOB' }, // R256
  ],
};
