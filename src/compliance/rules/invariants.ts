import assert from 'node:assert/strict';
import { checkI23 } from '../checks/answers.ts';
import { checkI09, checkI10, checkI12Answers } from '../checks/forms.ts';
import { checkI05, checkI06, checkI13, checkI15, checkI19, checkI20, checkPurges } from '../checks/histories.ts';
import {
  checkI04Shown,
  checkI07,
  checkI08,
  checkI12,
  checkI17,
  checkI20Shown,
  checkI21Shown,
} from '../checks/looks.ts';
import { checkI28 } from '../checks/notifications.ts';
import { checkI11, checkI14, checkI16, checkI18, checkI22, checkI26 } from '../checks/pairs.ts';
import { checkI25 } from '../checks/plans.ts';
import { checkI01, checkI02, checkI03, checkI04 } from '../checks/units.ts';
import { checkI24, checkI27 } from '../checks/versions.ts';
import type { Trace } from '../trace.ts';
import type { Rule } from './rule.ts';

const each =
  (...checks: readonly ((trace: Trace) => void)[]): Rule['check'] =>
  (trace) => {
    for (const check of checks) check(trace);
  };

const nothingLeft = ({ remnants }: Trace): void => assert.deepEqual(remnants, []);

const ofUnits: readonly Rule[] = [
  {
    id: 'I01',
    en: 'an active unit has an administrator, whose role was the first',
    sv: 'en aktiv enhet har en behörighetsadministratör, och den rollen gavs först',
    sources: ['R012', 'R049', 'R050'],
    check: checkI01,
  },
  {
    id: 'I02',
    en: 'every later role is given by an administrator of the unit, to somebody with the assignment',
    sv: 'varje senare roll ges av enhetens behörighetsadministratör, till någon med medarbetaruppdraget',
    sources: ['R013', 'R052'],
    check: checkI02,
  },
  {
    id: 'I03',
    en: 'whoever starts a program is fit for it, on a unit that has it, for a resident who has accepted',
    sv: 'den som startar ett program är behörig, på en enhet som har programmet, för en invånare som har tackat ja',
    sources: ['R017', 'R042', 'R045', 'R046', 'R047', 'R048', 'R051', 'R070', 'R083'],
    check: checkI03,
  },
  {
    id: 'I04',
    en: 'whoever becomes responsible is eligible at that moment, and is the only one',
    sv: 'den som blir ansvarig är behörig i det ögonblicket, och är ensam ansvarig',
    sources: ['R018', 'R200', 'R210', 'D23'],
    check: each(checkI04, checkI04Shown),
  },
];

const ofModules: readonly Rule[] = [
  {
    id: 'I05',
    en: 'a program begins with its automatic modules, and a clinician opens the others',
    sv: 'ett program börjar med sina automatiska moduler, och en behandlare öppnar de övriga',
    sources: ['R112', 'R118', 'R122'],
    check: checkI05,
  },
  {
    id: 'I06',
    en: 'nothing that a resident does opens a module',
    sv: 'inget som invånaren gör öppnar en modul',
    sources: ['R122'],
    check: checkI06,
  },
  {
    id: 'I07',
    en: 'a treatment is done when its mandatory steps are, whatever its individual modules are',
    sv: 'en behandling är genomförd när de obligatoriska stegen är det, oavsett de individuella modulerna',
    sources: ['R111'],
    check: checkI07,
  },
  {
    id: 'I08',
    en: 'chapters that are always open are open from start to end',
    sv: 'kapitel som alltid är öppna är öppna från start till slut',
    sources: ['R104', 'R106'],
    check: checkI08,
  },
  {
    id: 'I09',
    en: 'a color never goes back, and no hidden form gives one',
    sv: 'en färg går aldrig tillbaka, och inget dolt formulär ger någon',
    sources: ['R132', 'R133', 'R134', 'R139'],
    check: checkI09,
  },
  {
    id: 'I10',
    en: 'a submitted form is flagged until it is opened, and in the timeline from then on',
    sv: 'ett inskickat formulär är flaggat tills det öppnas, och finns sedan i tidslinjen',
    sources: ['R141', 'R142', 'R145', 'R150'],
    check: checkI10,
  },
  {
    id: 'I11',
    en: 'a resident sees nothing of staff but names',
    sv: 'invånaren ser inget om personalen utom namn',
    sources: ['R151'],
    check: checkI11,
  },
  {
    id: 'I12',
    en: 'the days left follow from activation, allotment and the day, and what was answered stays',
    sv: 'kvarvarande dagar följer av aktivering, antal dagar och dagens datum, och det som besvarats står kvar',
    sources: ['R127', 'R128', 'R129', 'R130'],
    check: each(checkI12, checkI12Answers),
  },
];

const ofHandovers: readonly Rule[] = [
  {
    id: 'I13',
    en: 'a resident’s message goes to whoever is responsible at that instant',
    sv: 'en invånares meddelande går till den som är ansvarig i det ögonblicket',
    sources: ['R184', 'R192', 'R194'],
    check: checkI13,
  },
  {
    id: 'I14',
    en: 'a pending handover takes nothing from the resident',
    sv: 'en pågående överlämning tar ingenting från invånaren',
    sources: ['R193'],
    check: checkI14,
  },
  {
    id: 'I15',
    en: 'one handover is pending at most, and the receiver alone approves it',
    sv: 'högst en överlämning pågår, och bara mottagaren godkänner den',
    sources: ['R188', 'R200', 'R201', 'R205'],
    check: checkI15,
  },
  {
    id: 'I16',
    en: 'a denied handover leaves everything as it was',
    sv: 'en nekad överlämning lämnar allt som det var',
    sources: ['R204'],
    check: checkI16,
  },
  {
    id: 'I17',
    en: 'the tab of handovers lists what is offered, and nothing that is the unit’s own',
    sv: 'fliken Överlämningar visar det som erbjuds enheten, och inget som redan är enhetens',
    sources: ['R196', 'R202', 'R203'],
    check: checkI17,
  },
  {
    id: 'I18',
    en: 'a handover keeps content, progress, conversations and plans',
    sv: 'en överlämning behåller innehåll, framsteg, konversationer och aktivitetsplaner',
    sources: ['R208', 'R270'],
    check: checkI18,
  },
];

const ofEnds: readonly Rule[] = [
  {
    id: 'I19',
    en: 'an end has a reason of the program’s and the chosen notice',
    sv: 'ett avslut har en av programmets avslutsorsaker och den avisering som valdes',
    sources: ['R226', 'R227', 'R228', 'R229'],
    check: checkI19,
  },
  {
    id: 'I20',
    en: 'after the end nothing is written, and the resident reads only in maintenance',
    sv: 'efter avslut skrivs inget, och invånaren läser bara under vidmakthållande',
    sources: ['R231', 'R232', 'R233', 'R234', 'R235', 'R238'],
    check: each(checkI20, checkI20Shown),
  },
  {
    id: 'I21',
    en: 'a purge is ordered where it may be, and leaves nothing but the log',
    sv: 'en gallring beställs där den får, och lämnar inget kvar utom loggen',
    sources: ['R031', 'R240', 'R241', 'R242', 'R246', 'GDPR art. 17'],
    check: each(checkPurges, checkI21Shown, nothingLeft),
  },
  {
    id: 'I22',
    en: 'a new start makes a new program and leaves the old as it was',
    sv: 'en omstart skapar ett nytt program och lämnar det gamla som det var',
    sources: ['R091', 'R092'],
    check: checkI22,
  },
  {
    id: 'I23',
    en: 'every command and view has one entry in the log, refused ones too',
    sv: 'varje kommando och vy har en post i loggen, även det som nekas',
    sources: ['R247', 'R248', 'R251', 'HSLF-FS 2016:40 4 kap. 9 §'],
    check: checkI23,
  },
];

const ofContent: readonly Rule[] = [
  {
    id: 'I24',
    en: 'a minor version changes the ongoing programs of its major line alone, a major version none',
    sv: 'en mindre version ändrar bara pågående program i samma huvudversion, en större inget',
    sources: ['R263', 'R264', 'R265', 'R269'],
    check: checkI24,
  },
  {
    id: 'I25',
    en: 'occasions follow from schedule and calendar, and no answer lies outside one',
    sv: 'tillfällena följer av schema och kalender, och inget svar ligger utanför ett tillfälle',
    sources: ['R216', 'R217', 'R218', 'R219', 'R220'],
    check: checkI25,
  },
  {
    id: 'I26',
    en: 'the programs of two relatives share nothing',
    sv: 'två anhörigas program delar ingenting',
    sources: ['R273'],
    check: checkI26,
  },
  {
    id: 'I27',
    en: 'a purge leaves the statistics as they were',
    sv: 'en gallring lämnar statistiken som den var',
    sources: ['R283'],
    check: checkI27,
  },
  {
    id: 'I28',
    en: 'staff is notified of what they chose through what they chose, and else of nothing',
    sv: 'personal aviseras om det de valt på det sätt de valt, och annars om inget',
    sources: ['R158', 'R161', 'R162', 'R163'],
    check: checkI28,
  },
];

/** I01 to I28: what always holds of units, programs, handovers, ends, the log, contents and notifications. */
export const invariants: readonly Rule[] = [...ofUnits, ...ofModules, ...ofHandovers, ...ofEnds, ...ofContent];
