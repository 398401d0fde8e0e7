import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type { By } from '../../src/domain/actors.ts';
import type { Circumstances, Happened, Refusal } from '../../src/domain/decider.ts';
import type { HandoverCommand } from '../../src/domain/handover/commands.ts';
import { type Handovers, handover } from '../../src/domain/handover/handover.ts';
import type { ProgramCommand } from '../../src/domain/program/commands.ts';
import { program } from '../../src/domain/program/program.ts';
import type { Program, ProgramStreamEvent } from '../../src/domain/program/state.ts';
import type { TemplateContent } from '../../src/domain/template/content.ts';
import { receiver } from './handovers.ts';
import {
  childUnit,
  colleague,
  maternityUnit,
  midwife,
  nurse,
  resident,
  secretary,
  staff,
  usual,
  uuid,
} from './people.ts';
import { answering, attending, data, optional, planning, texts } from './programBodies.ts';
import { attested, start, startFacts } from './programs.ts';

type Command = ProgramCommand | HandoverCommand;
export type Step = {
  readonly command: Command;
  readonly minutes: number;
  readonly unfit: boolean;
  readonly byResident: boolean;
  /** Somebody else than the one who may give the command. */
  readonly stranger: By | undefined;
};

/** One command of a life: what was decided, in what state, and what came of it. */
export type Decided = Step & {
  readonly number: number;
  readonly by: By;
  readonly at: string;
  readonly before: Life;
  readonly decision: E.Either<Refusal, readonly ProgramStreamEvent[]>;
  readonly after: Life;
};
/** A program's stream and what the two deciders make of it. */
export type Life = {
  readonly program: Program;
  readonly handovers: Handovers;
  readonly history: readonly Happened<ProgramStreamEvent>[];
  readonly welcomeText: string | undefined;
};

const defined = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
const ids = fc.constantFrom(uuid(31), uuid(32));
const clinicians = fc.constantFrom(midwife, colleague, nurse);
const days = fc.integer({ min: 1, max: 40 });

const usually = (value: boolean) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: fc.constant(!value) });

/** Every command, at random, about few things, so that they meet. */
const commandsOn = ({ modules, endReasons }: TemplateContent): fc.Arbitrary<Command> => {
  const moduleId = fc.constantFrom(...modules.slice(1, 5).map(({ id }) => id), 'okand');
  const section = { moduleId, sectionId: fc.constantFrom('avsnitt-1', 'avsnitt-1', 'avsnitt-99') };
  const reason = fc.constantFrom(...endReasons.map(({ code }) => code), 'okand');
  const until = optional(fc.constantFrom('2026-03-01', '2026-04-01', '2026-12-31', '2028-01-01'));
  const handoverId = ids;
  const bodies: { readonly [Type in Command['type']]: fc.Arbitrary<object> } = {
    'start-program': fc
      .record({ accepted: fc.boolean() })
      .map(({ accepted }) => start({ attested: { ...attested, accepted } }).data),
    'change-welcome-text': data({ text: texts }),
    'activate-module': data({ moduleId, days: optional(days), makeCurrent: optional(fc.boolean()) }),
    'set-current-module': data({ moduleId }),
    'complete-module': data({ moduleId }),
    'change-module-days': data({ moduleId, days }),
    'deactivate-module': data({ moduleId }),
    'open-program': data({}),
    'open-section': data(section),
    'complete-section': data(section),
    'finish-module': data({ moduleId }),
    'start-conversation': data({ conversationId: optional(ids), subject: texts, body: texts }),
    reply: data({ conversationId: ids, body: texts, notifyInbox: optional(fc.boolean()) }),
    'read-conversation': data({ conversationId: ids }),
    ...answering,
    ...planning,
    ...attending,
    'change-clinician': data({ clinician: clinicians, reason: fc.constant('illness') }),
    'end-program': data({
      reason,
      residentAware: fc.boolean(),
      notifyResident: optional(fc.boolean()),
      maintenance: optional(fc.record({ until }).map(defined)),
    }),
    'close-maintenance': data({}),
    'purge-program': data({ disposalDecision: fc.constant('RS-2026/17') }),
    'initiate-handover': data({
      handoverId: optional(handoverId),
      toUnit: fc.constantFrom(maternityUnit, childUnit),
      residentInformed: usually(true),
    }),
    'approve-handover': data({ handoverId, clinician: clinicians }),
    'deny-handover': data({ handoverId, reason: optional(fc.constant('moved')) }),
    'withdraw-handover': data({ handoverId }),
  };
  const rare = new Set(['end-program', 'start-program']);
  return fc.oneof(
    ...Object.entries(bodies).map(([type, body]) => ({
      weight: rare.has(type) ? 2 : 5,
      arbitrary: body.map((fields) => ({ type, data: defined(fields) }) as Command),
    })),
  );
};

const strangers = fc.constantFrom(
  staff(colleague),
  staff(secretary, 'data-administrator'),
  staff(midwife),
  staff(nurse),
);
const ofTheResident = new Set([
  ...['open-program', 'open-section', 'complete-section', 'finish-module'],
  ...['save-form', 'submit-form', 'comment', 'register-activity', 'set-resident-notifications'],
]);
const ofEither = new Set(['start-conversation', 'reply', 'read-conversation']);

/** Who gives a command. What is the resident's only the resident gives: authorization, not a decider, sees to that. */
const actorOf = ({ command, byResident, stranger }: Step, { program: state, handovers }: Life): By => {
  if (ofTheResident.has(command.type) || (ofEither.has(command.type) && byResident)) return resident;
  if (stranger !== undefined) return stranger;
  if (command.type === 'approve-handover' || command.type === 'deny-handover') {
    const toUnit = handovers.handovers.get(command.data.handoverId)?.toUnit;
    return staff(secretary, 'resident-administrator', toUnit);
  }
  if (isHandover(command)) return staff(colleague, 'resident-administrator', handovers.unitId);
  return staff('clinician' in state ? state.clinician : midwife);
};

/** A random sequence of commands that mostly begins with a start. */
export const stepsOn = (content: TemplateContent): fc.Arbitrary<readonly Step[]> => {
  const step = (command: fc.Arbitrary<Command>): fc.Arbitrary<Step> =>
    fc.record({
      command,
      minutes: fc.integer({ min: 0, max: 20_000 }),
      unfit: usually(false),
      byResident: fc.boolean(),
      stranger: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, strangers),
    });
  return fc
    .tuple(
      usually(true),
      step(fc.constant(start())),
      fc.array(step(commandsOn(content)), { maxLength: 60, size: 'max' }),
    )
    .map(([begins, first, rest]) => (begins ? [first, ...rest] : rest));
};

const isHandover = (command: Command): command is HandoverCommand => command.type.endsWith('-handover');

const made = ['conversation', 'message', 'handover', 'comment', 'plan', 'flag'];

/** Decides one command in a state of life; ids that it makes begin at a number of its own. */
export const decideOn = (
  content: TemplateContent,
  life: Life,
  { command, by, at, unfit }: Pick<Decided, 'command' | 'by' | 'at' | 'unfit'>,
  firstId: number,
): Decided['decision'] => {
  const newId: Circumstances['newId'] = (what) => uuid(firstId + made.indexOf(what));
  const circumstances = { ...usual, at, by, newId };
  if (isHandover(command)) {
    const unitId = command.type === 'initiate-handover' ? command.data.toUnit : (by.unitId ?? maternityUnit);
    return handover.decide(command, life.handovers, circumstances, receiver({ unitId, clinicianEligible: !unfit }));
  }
  const sameText = command.type === 'change-welcome-text' && command.data.text === life.welcomeText;
  const clinicianUnfit = unfit ? ('training-missing' as const) : undefined;
  const facts = {
    ...startFacts(),
    template: { major: 1, minor: 0, content },
    clinicianUnfit,
    sameText,
    isDuty: !unfit,
  };
  return program.decide(command, life.program, circumstances, facts);
};

const textIn = (events: readonly ProgramStreamEvent[]): string | undefined =>
  events.flatMap((event) => (event.type === 'welcome-text-changed' ? [event.sealed.text] : [])).at(-1);

/** What events that follow make of a life. */
export const live = (
  life: Life,
  events: readonly ProgramStreamEvent[],
  { at, by }: Pick<Decided, 'at' | 'by'>,
): Life => {
  const happened = events.map(({ type, data }) => ({ type, data, at, by }) as Happened<ProgramStreamEvent>);
  return {
    program: happened.reduce(program.evolve, life.program),
    handovers: happened.reduce(handover.evolve, life.handovers),
    history: [...life.history, ...happened],
    welcomeText: textIn(events) ?? life.welcomeText,
  };
};

const unborn: Life = { program: program.initial, handovers: handover.initial, history: [], welcomeText: undefined };

/** Lives a sequence of commands through: every accepted one changes the state in which the next is decided. */
export const livesOf = (content: TemplateContent, steps: readonly Step[]): readonly Decided[] => {
  let life = unborn;
  let time = Date.parse(usual.at);
  return steps.map((step, number) => {
    const before = life;
    time += step.minutes * 60_000;
    const decided = { ...step, number, before, at: new Date(time).toISOString(), by: actorOf(step, before) };
    const decision = decideOn(content, before, decided, 1_000 + number * 10);
    life = E.isRight(decision) ? live(before, decision.right, decided) : before;
    return { ...decided, decision, after: life };
  });
};
