import { checkNothingElse, checkP10, checkRepeats } from '../checks/answers.ts';
import { checkP1, checkP2, checkP3, checkP5, checkP6, checkP7, checkP8, checkP9 } from '../checks/promises.ts';
import type { Rule } from './rule.ts';

/** P1 to P10: what is promised of the store, as far as runs without faults show it; what faults show is in docs/reliability.md. */
export const promises: readonly Rule[] = [
  {
    id: 'P1',
    en: 'a command is written whole or not at all',
    sv: 'ett kommando skrivs helt eller inte alls',
    sources: ['P1'],
    check: checkP1,
  },
  {
    id: 'P2',
    en: 'what was acknowledged is in the log, where the receipt says',
    sv: 'det som bekräftats finns i loggen, där kvittot säger',
    sources: ['P2'],
    check: checkP2,
  },
  {
    id: 'P3',
    en: 'of commands that are sent at the same moment each has revisions of its own',
    sv: 'kommandon som skickas samtidigt får var sina revisioner',
    sources: ['P3'],
    check: checkP3,
  },
  {
    id: 'P4',
    en: 'what is refused or repeated writes its entry of the log alone, and a repeat gives the first receipt',
    sv: 'det som nekas eller upprepas skriver bara sin loggpost, och en upprepning ger det första kvittot',
    sources: ['P4'],
    check: (trace) => {
      checkNothingElse(trace);
      checkRepeats(trace);
    },
  },
  {
    id: 'P5',
    en: 'every call is answered, and as one of the documented outcomes',
    sv: 'varje anrop besvaras, och med ett av de dokumenterade utfallen',
    sources: ['P5'],
    check: checkP5,
  },
  {
    id: 'P6',
    en: 'the revisions of a stream have no gaps',
    sv: 'en ströms revisioner saknar luckor',
    sources: ['P6'],
    check: checkP6,
  },
  {
    id: 'P7',
    en: 'positions rise without gaps, and subscribers hear every event once in that order',
    sv: 'positioner stiger utan luckor, och prenumeranter hör varje händelse en gång i den ordningen',
    sources: ['P7'],
    check: checkP7,
  },
  {
    id: 'P8',
    en: 'a clock that goes back changes no order, and an event says when it was sent',
    sv: 'en klocka som går bakåt ändrar ingen ordning, och en händelse säger när den skickades',
    sources: ['P8'],
    check: checkP8,
  },
  {
    id: 'P9',
    en: 'the views show everything up to a receipt, each event once',
    sv: 'vyerna visar allt fram till ett kvitto, varje händelse en gång',
    sources: ['P9'],
    check: checkP9,
  },
  {
    id: 'P10',
    en: 'a rebuild gives the same rows as following event by event',
    sv: 'en ombyggnad ger samma rader som att följa händelse för händelse',
    sources: ['P10'],
    check: ({ tables }) => checkP10(tables),
  },
];
