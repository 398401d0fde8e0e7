import { checkModel } from '../checks/answers.ts';
import { checkFlags } from '../checks/flags.ts';
import { checkShapes } from '../checks/histories.ts';
import { checkPolicy } from '../checks/policy.ts';
import { checkStrangers } from '../checks/strangers.ts';
import { invariants } from './invariants.ts';
import { promises } from './promises.ts';
import type { Rule } from './rule.ts';

/** Every rule that a run is held against, by its number. */
export const rules: readonly Rule[] = [
  ...invariants,
  ...promises,
  {
    id: 'strangers',
    en: 'nobody sees a program but staff of the unit that has it and its own resident, each what is theirs to see',
    sv: 'ingen ser ett program utom personal på den enhet som har det och dess egen invånare, var och en sitt',
    sources: ['R009', 'R151', 'R273', 'PDL 4 kap. 1 §'],
    check: checkStrangers,
  },
  {
    id: 'flags',
    en: 'what a resident wrote is flagged until it is read, and not after',
    sv: 'det som invånaren skrivit är flaggat tills det lästs, och inte därefter',
    sources: ['R152', 'R153', 'R160', 'D21'],
    check: checkFlags,
  },
  {
    id: 'answers',
    en: 'every command is answered as a simple model of the documents does',
    sv: 'varje kommando besvaras som en enkel modell av dokumenten gör',
    sources: ['docs/requirements.md', 'docs/decisions'],
    check: checkModel,
  },
  {
    id: 'policy',
    en: 'what is shown and what is to be documented follows the region’s policy and the program’s template',
    sv: 'det som visas och det som ska dokumenteras följer regionens policy och programmets mall',
    sources: ['D7', 'D11', 'D12', 'D20', 'D21', 'R100', 'R254', 'R256', 'R283'],
    check: checkPolicy,
  },
  {
    id: 'shapes',
    en: 'every stored event has the shape of its type',
    sv: 'varje lagrad händelse har sin typs form',
    sources: ['docs/guide.md'],
    check: checkShapes,
  },
];
