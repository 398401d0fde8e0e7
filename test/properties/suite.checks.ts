import assert from 'node:assert/strict';
import { checkI23, checkModel, checkNothingElse, checkP10, checkRepeats } from './checks/answers.ts';
import { checkI09, checkI10, checkI12Answers } from './checks/forms.ts';
import {
  checkI05,
  checkI06,
  checkI13,
  checkI15,
  checkI19,
  checkI20,
  checkLog,
  checkPurges,
  checkShapes,
} from './checks/histories.ts';
import { checkI04Shown, checkI07, checkI08, checkI12, checkI17, checkI20Shown, checkI21Shown } from './checks/looks.ts';
import { checkI28 } from './checks/notifications.ts';
import { checkI11, checkI14, checkI16, checkI18, checkI22, checkI26 } from './checks/pairs.ts';
import { checkI25 } from './checks/plans.ts';
import { checkI01, checkI02, checkI03, checkI04 } from './checks/units.ts';
import { checkI24, checkI27 } from './checks/versions.ts';
import type { Trace } from './trace.ts';

/** What has to hold of any run: each invariant by its number. */
export const checks: readonly (readonly [title: string, check: (trace: Trace) => unknown])[] = [
  ['the library answers as a simple model of the documents does', checkModel],
  ['every stored event has the shape of its type', checkShapes],
  ['P3 P6 P7 revisions and positions have no gaps and are heard in order', checkLog],
  ['P4 what is refused or repeated writes one entry of the access log and nothing else', checkNothingElse],
  ['P4 a command sent again gives the first receipt and changes nothing', checkRepeats],
  ['P10 a rebuild gives the same rows as following event by event', ({ tables }) => checkP10(tables)],
  ['I01 an active unit has an administrator, whose role was the first', checkI01],
  ['I02 every later role is given by an administrator of the unit, to somebody with the assignment', checkI02],
  ['I03 whoever starts a program is fit for it, on a unit that has it', checkI03],
  [
    'I04 whoever becomes responsible is eligible at that moment, and is the only one',
    (trace) => {
      checkI04(trace);
      checkI04Shown(trace);
    },
  ],
  ['I05 a treatment begins with its three modules, and a clinician opens the others', checkI05],
  ['I06 nothing that a resident does opens a module', checkI06],
  ['I07 a treatment is done when its seven steps are', checkI07],
  ['I08 the chapters of the support program are open from start to end', checkI08],
  ['I09 a color never goes back, and no hidden form gives one', checkI09],
  ['I10 a submitted form is flagged until it is opened, and in the timeline from then on', checkI10],
  ['I11 a resident sees nothing of staff but names', checkI11],
  [
    'I12 the days left follow from activation, allotment and the day, and what was answered stays',
    (trace) => {
      checkI12(trace);
      checkI12Answers(trace);
    },
  ],
  ['I13 a resident’s message goes to whoever is responsible at that instant', checkI13],
  ['I14 a pending handover takes nothing from the resident', checkI14],
  ['I15 one handover is pending at most, and the receiver alone approves it', checkI15],
  ['I16 a denied handover leaves everything as it was', checkI16],
  ['I17 the tab of handovers lists what is offered, and nothing that is the unit’s own', checkI17],
  ['I18 a handover keeps content, progress and conversations', checkI18],
  ['I19 an end has a reason of the program’s and the chosen notice', checkI19],
  [
    'I20 after the end nothing is written, and read only in maintenance',
    (trace) => {
      checkI20(trace);
      checkI20Shown(trace);
    },
  ],
  [
    'I21 a purge is ordered where it may be, and leaves nothing',
    (trace) => {
      checkPurges(trace);
      checkI21Shown(trace);
      assert.deepEqual(trace.remnants, []);
    },
  ],
  ['I22 a new start makes a new program and leaves the old as it was', checkI22],
  ['I23 every command and view call has one entry in the audit log', checkI23],
  ['I24 a minor version changes the ongoing programs of its major line alone, a major version none', checkI24],
  ['I25 occasions follow from schedule and calendar, and no answer lies outside one', checkI25],
  ['I26 the programs of two relatives share nothing', checkI26],
  ['I27 a purge leaves the statistics as they were', checkI27],
  ['I28 staff is notified of what they chose through what they chose, and else of nothing', checkI28],
];
