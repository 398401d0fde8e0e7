import type { Actor } from '../../access/actor.ts';
import { formsOf, takesAnswers } from '../model/attending.ts';
import { standing, windowsOf } from '../model/occasions.ts';
import { ownContent } from '../model/relations.ts';
import { plusDays } from '../model/state.ts';
import { residentActor, residentsOf } from '../world.ts';
import { type Attempt, about, command, ongoing, view } from './attempt.ts';
import { startsWrongly, trainsWithAnybody } from './attemptsToStart.ts';
import { able, canary, clinicianOf, residentOf, type Scene, unitsOf } from './scene.ts';
import { sensibleStart } from './sensibleStart.ts';

const notOf = (actors: readonly Actor[], hsaId: string): Actor | undefined =>
  actors.find((one) => one.kind === 'staff' && one.hsaId !== hsaId);

/** Something is there to try with. */
const begin: Attempt = (scene) => {
  const start = ongoing(scene).length > 0 ? undefined : sensibleStart['start-program'](scene);
  return start === undefined ? [] : [command('start-program', start.data, start.actor)];
};

const colleagueSteers = about((scene, { id: programId, unitId, clinician }) => {
  const colleague = notOf(able(scene, unitId, 'clinician'), clinician);
  const text = canary(scene.number, 'Välkommen');
  return colleague === undefined ? [] : [command('change-welcome-text', { programId, text }, colleague)];
});

const everyFlag = ['message', 'comment', 'form', 'time-expired', 'activity-missed', 'handover'];

/** All of the unit want to be told of everything; the resident writes, and the responsible clinician reads the half of it. */
const residentWrites = about((scene, program) => {
  const { id: programId, unitId } = program;
  const wishes = { unitId, receive: true, channels: ['email' as const], flagTypes: everyFlag };
  const data = { programId, subject: canary(scene.number, 'Ämne'), body: canary(scene.number, 'Text') };
  const [first] = program.conversations.keys();
  return [
    ...able(scene, unitId).map((actor) => command('set-notifications', wishes as never, actor)),
    command('start-conversation', data, residentOf(program)),
    ...(first === undefined
      ? []
      : [command('read-conversation', { programId, conversationId: first }, clinicianOf(program))]),
  ];
});

/** Somebody of another unit, another resident, and the resident where only staff looks. */
const strangersLook = about(
  (scene, { id: programId, unitId, resident }) => {
    const strangers = unitsOf(scene, ({ id }) => id !== unitId).flatMap(({ id }) => able(scene, id, 'clinician'));
    const others = residentsOf(scene.model.setting).filter((one) => one !== resident);
    return [
      ...strangers
        .slice(0, 1)
        .flatMap((one) => ['program', 'conversations'].map((name) => view({ view: name, programId }, one))),
      ...others
        .slice(0, 1)
        .flatMap((one) =>
          ['my-program', 'conversations'].map((name) => view({ view: name, programId }, residentActor(one))),
        ),
      ...['timeline', 'program'].map((name) => view({ view: name, programId }, residentActor(resident))),
    ];
  },
  ({ model }) => [...model.programs.values()].filter(({ status }) => status !== 'purged'),
);

/** A form is submitted, and again; opened, and again. */
const formTwice = about((scene, program) => {
  const { model, today, number } = scene;
  const form = formsOf(model, program).find(({ key }) => takesAnswers(model, program, key, today));
  if (form === undefined) return [];
  const [moduleId = '', formId = ''] = form.key.split('/');
  const place = { programId: program.id, moduleId, formId };
  const submit = command('submit-form', { ...place, answers: {} }, residentOf(program));
  const open = command('open-form', place, clinicianOf(program));
  return number % 2 === 0 ? [submit, submit, open, open] : [submit, submit];
});

/** What is finished is gone to again. */
const sectionAgain = about((scene, program) => {
  const modules = ownContent(scene.model, program)?.modules ?? [];
  const open = modules.find(({ id, sections }) => program.modules.get(id)?.state === 'open' && sections.length > 0);
  const data = { programId: program.id, moduleId: open?.id ?? '', sectionId: open?.sections[0]?.id ?? '' };
  return open === undefined
    ? []
    : (['complete-section', 'open-section'] as const).map((type) => command(type, data, residentOf(program)));
});

/** For a reason that the program does not have, and with more maintenance than the policy allows. */
const endsWrongly = about(({ model, today }, program) => {
  const reason = ownContent(model, program)?.endReasons[0]?.code ?? '';
  const data = { programId: program.id, residentAware: true };
  const until = plusDays(today, model.setting.policy.maintenance.maxDays + 1);
  return [
    command('end-program', { ...data, reason: 'ingen-orsak' }, clinicianOf(program)),
    command('end-program', { ...data, reason, maintenance: { until } }, clinicianOf(program)),
  ];
});

const offer: Attempt = (scene) => {
  const program = ongoing(scene).find(({ pending }) => pending === undefined);
  const owner = scene.model.units.get(program?.unitId ?? '');
  const [by] = able(scene, owner?.id ?? '', 'resident-administrator');
  const receiver = unitsOf(scene, (unit) => unit !== owner && unit.active)[0];
  if (program === undefined || by === undefined || receiver === undefined) return [];
  const data = { programId: program.id, toUnit: receiver.id, residentInformed: true, disclosureBasis: 'samtycke' };
  return [command('initiate-handover', data, by)];
};

const pendingOf = ({ model }: Scene) => [...model.handovers.values()].filter(({ outcome }) => outcome === 'pending');

/** The sender approves and denies in place of the receiver, and then takes the offer back. */
const senderAnswers: Attempt = (scene) =>
  pendingOf(scene).flatMap(({ id: handoverId, from, programId }) => {
    const [by] = able(scene, from, 'resident-administrator');
    const clinician = scene.model.programs.get(programId)?.clinician ?? '';
    if (by === undefined) return [];
    return [
      command('approve-handover', { handoverId, clinician }, by),
      command('deny-handover', { handoverId }, by),
      command('withdraw-handover', { handoverId }, by),
    ];
  });

/** An occasion whose days are over. */
const answersLate = about(({ at, today, number }, program) =>
  [...program.plans].slice(0, 1).flatMap(([planId, plan]) => {
    const windows = windowsOf(plan, plusDays(today, -30), today);
    const missed = windows.findLast((window) => standing(window, plan, at) === 'missed');
    const answers = Array.from({ length: plan.elements }, () => canary(number, 'Gjort'));
    return missed === undefined
      ? []
      : [
          command(
            'register-activity',
            { programId: program.id, planId, occasion: missed.at, answers },
            residentOf(program),
          ),
        ];
  }),
);

/** Everything that is mandatory is done, now and then: the treatment is finished. */
const finishes: Attempt = (scene) =>
  ongoing(scene)
    .filter(() => scene.step.a % 4 === 0)
    .slice(0, 1)
    .flatMap((program) =>
      (ownContent(scene.model, program)?.modules ?? [])
        .filter(({ obligation }) => obligation === 'mandatory')
        .flatMap(({ id: moduleId }) =>
          (['activate-module', 'complete-module'] as const).map((type) =>
            command(type, { programId: program.id, moduleId }, clinicianOf(program)),
          ),
        ),
    );

/** The last program ends without a notice and without maintenance; a clinician may not purge it. */
const farewell: Attempt = (scene) => {
  const program = ongoing(scene).findLast(({ pending }) => pending === undefined);
  const reason = scene.model.setting.templates.find(({ templateId }) => templateId === program?.templateId)?.content
    .endReasons[0]?.code;
  if (program === undefined || reason === undefined) return [];
  const { id: programId, unitId } = program;
  const notifyResident = scene.step.b % 3 === 0;
  const purge = { programId, disposalDecision: 'RA-1' };
  const clinician = able(scene, unitId, 'clinician').find(
    (one) =>
      one.kind === 'staff' &&
      scene.model.units.get(unitId)?.staff.get(one.hsaId)?.roles.has('data-administrator') !== true,
  );
  return [
    command('end-program', { programId, reason, residentAware: true, notifyResident }, clinicianOf(program)),
    command(
      'reply',
      { programId, conversationId: [...program.conversations.keys()][0] ?? programId, body: 'Hej' },
      residentOf(program),
    ),
    ...(clinician === undefined ? [] : [command('purge-program', purge, clinician)]),
  ];
};

/** What has ended and is not readable is purged, half of the times. */
const purges: Attempt = (scene) =>
  [...scene.model.programs.values()]
    .filter(({ status, readableUntil }) => status === 'ended' && (readableUntil ?? '') < scene.today)
    .filter(() => scene.step.c % 2 === 0)
    .slice(-1)
    .flatMap(({ id: programId, unitId }) =>
      able(scene, unitId, 'data-administrator')
        .slice(0, 1)
        .map((by) => command('purge-program', { programId, disposalDecision: 'RA-1' }, by)),
    );

/** In every second run an offer waits at the end. */
const offerAtLast: Attempt = (scene) => (scene.step.c % 2 === 0 ? [] : offer(scene));

/** What is tried at the end of every run, whatever came before: mostly what nobody may, and what rarely comes by chance. */
export const attempts: readonly Attempt[] = [
  ...[begin, colleagueSteers, residentWrites, formTwice, sectionAgain, endsWrongly, offer, senderAnswers],
  ...[startsWrongly, trainsWithAnybody, answersLate, finishes, strangersLook, farewell, purges, offerAtLast],
];
