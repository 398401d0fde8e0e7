import type { Module, TemplateContent } from '../domain/template/content.ts';
import { placeholder, placeholderEndReasons } from './placeholders.ts';

type Form = Module['forms'][number];

const framtidSomTobaksfri = 'Återkoppling och uppföljning - en framtid som tobaksfri'; // R117: one title, four steps
const stepTitles = [
  'Uppvärmning och förberedelser - lägg en bra grund', // R114
  'Uppstart och stoppfasen - var nyfiken och aktiv', // R115
  'Håll i och håll ut - bygg vidare på säkerheten', // R116
  framtidSomTobaksfri,
  framtidSomTobaksfri,
  framtidSomTobaksfri,
  framtidSomTobaksfri,
];

/** R110: sections and questions, whose titles and texts the manual does not give. */
const sections: Module['sections'] = [{ id: 'avsnitt-1', title: placeholder('Avsnitt 1', 'titel') }];
const questions: Form['questions'] = [{ id: 'fraga-1', text: placeholder('Fråga 1', 'frågan') }];

const stepForm: Form = { id: 'fragor', title: 'Frågor', visible: true, purpose: 'care', questions };

/** R146, R147: answered for the development of the program, not for the resident's care. */
const closingForm: Form = {
  id: 'avslutningsfragor',
  title: 'Avslutningsfrågor',
  visible: true,
  purpose: 'quality',
  questions,
};

/** The manual gives no number of days for any module, so none has one: a clinician sets it at activation (R128). */
const step = (title: string, index: number): Module => ({
  id: `steg-${index + 1}`,
  title,
  obligation: 'mandatory', // R111
  opensAtStart: index === 0, // R112
  sections,
  forms: index === stepTitles.length - 1 ? [stepForm, closingForm] : [stepForm],
});

const individual = (id: string, title: string, opensAtStart: boolean): Module => ({
  id,
  title,
  obligation: 'individual', // R111
  opensAtStart,
  sections,
  forms: [],
});

/** The treatment program *Tobakshjälpen* as Region Gävleborg's manual describes it. */
export const tobakshjalpen: TemplateContent = {
  title: 'Tobakshjälpen',
  kind: 'treatment',
  resident: { one: 'patient', many: 'patienter' }, // R003
  unitKinds: [],
  eligibility: { professions: [], employments: [], training: 'tobakshjalpen' },
  welcomeText: placeholder('Välkommen till Tobakshjälpen.', 'välkomsttext'),
  notifyInbox: false, // R169, D7: only when the clinician ticks the box
  reviewEveryMonths: 12, // R267
  modules: [
    individual('inledning', 'Inledning', true), // R112
    individual('bra-att-veta', 'Bra att veta', true), // R112
    ...stepTitles.map(step),
    individual('graviditet', 'Graviditet och tobak', false), // R113
    individual('operation', 'Operation och tobak', false),
    individual('ung', 'Ung och tobak', false),
    individual('cancer', 'Cancer och tobak', false),
  ],
  // R221, R222: the follow-ups lie in steps 4–7 and come at 3, 6 and 12 months; which lies in which step the manual does not say.
  followUps: [
    { id: 'uppfoljning-3', afterMonths: 3, moduleId: 'steg-5', formId: stepForm.id },
    { id: 'uppfoljning-6', afterMonths: 6, moduleId: 'steg-6', formId: stepForm.id },
    { id: 'uppfoljning-12', afterMonths: 12, moduleId: 'steg-7', formId: stepForm.id },
  ],
  endReasons: placeholderEndReasons,
  registration: [],
};
