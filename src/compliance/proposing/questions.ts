import type { Actor } from '../../access/actor.ts';
import { formsOf } from '../model/attending.ts';
import { type ModelProgram, plusDays } from '../model/state.ts';
import { auditor, type Call, clock, residentActor, residents, signedIn, staffActor } from '../world.ts';
import { otherActor } from './resolve.ts';
import { idFor, pick, residentAdministrator, type Scene, templateFor } from './scene.ts';
import { anybody } from './sensibleUnits.ts';

const tabs = ['mine', 'all', 'ended', 'handovers'] as const;

/** A form of a program, or none. */
const formFor = ({ model, step }: Scene, program: ModelProgram | undefined) => {
  const { moduleId, id: formId } = pick(program === undefined ? [] : formsOf(model, program), step.b) ?? {};
  return { moduleId: moduleId ?? 'ingen-modul', formId: formId ?? 'ingen-form' };
};

type Query = Extract<Call, { kind: 'view' }>['query'];

const ofProgram = (scene: Scene, program: ModelProgram | undefined): readonly Query[] => {
  const { step, number, today } = scene;
  const programId = program?.id ?? idFor(number, 'none');
  const conversationId = pick([...(program?.conversations.keys() ?? [])], step.c) ?? idFor(number, 'none');
  return [
    { view: 'program', programId },
    { view: 'my-program', programId },
    { view: 'conversations', programId },
    { view: 'conversation', programId, conversationId },
    { view: 'form', programId, ...formFor(scene, program) },
    { view: 'comments', programId },
    { view: 'timeline', programId },
    { view: 'activities', programId, from: plusDays(today, -30), to: today },
    { view: 'documentation', programId },
    { view: 'purge', programId },
  ];
};

const ofNone = (scene: Scene): readonly Query[] => [
  { view: 'overview', tab: pick(tabs, scene.step.b) },
  { view: 'my-programs' },
  { view: 'staff' },
  { view: 'documentation' },
  { view: 'caseload' },
  { view: 'profile' },
  { view: 'templates' },
  { view: 'template', templateId: templateFor(scene, scene.step.b) ?? 'ingen-mall' },
  { view: 'statistics' },
  { view: 'access-report' },
  { view: 'units', search: 'mott' },
  { view: 'units', mine: true },
  { view: 'purge-list' },
  { view: 'audit', perspective: 'provider' },
  { view: 'log-checks' },
  { view: 'no-view' },
];

const ofResidents = ['my-programs', 'my-program', 'access-report'];
const ofAuditors = ['audit', 'log-checks'];

/** Who would ask for a view. */
const askerOf = (scene: Scene, { view }: Query, program: ModelProgram | undefined): Actor => {
  if (ofAuditors.includes(view)) return auditor;
  if (ofResidents.includes(view)) return residentActor(program?.resident ?? residents[0]);
  if (program === undefined) return anybody(scene) ?? clock;
  const administrator = view === 'caseload' ? residentAdministrator(scene, program.unitId) : undefined;
  return administrator ?? staffActor(program.clinician, program.unitId);
};

/** Makes a question that anybody asks about anything. */
export const questionFor = (scene: Scene): Call => {
  const { model, step } = scene;
  const program = pick([...model.programs.values()], step.a);
  const query = pick([...ofProgram(scene, program), ...ofNone(scene)], step.c) ?? { view: 'units' };
  const asker = signedIn(askerOf(scene, query, program), model.setting.policy);
  return { kind: 'view', query, actor: step.twist === 'none' ? asker : otherActor(scene, asker) };
};
