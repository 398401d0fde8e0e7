import type { Actor, QueryInput } from '../../src/index.ts';
import type { Replay } from '../../src/operations/replaying.ts';
import { tobak } from './given.ts';
import { lifesConversation, lifesProgram } from './life.ts';
import { at, auditor, idAt, maternity, region, resident, type TestUnit, tolvan } from './people.ts';
import { rightOf, type World } from './world.ts';

const programId = lifesProgram;

/** Who asks a view: a member of the unit that has the program, or somebody who is the same wherever it is. */
type Asker = string | Actor;

/** How a view is asked about the program of a life. */
export type Question = {
  readonly query: object;
  readonly by: Asker;
  /** What a replay holds against the living: whose the program is today, or nothing. */
  readonly judges: 'whose-program' | 'whose-reader' | 'nothing';
};

const ofUnit = (query: object, by: string): Question => ({ query, by, judges: 'whose-program' });
const ofReader = (query: object): Question => ({ query, by: resident(tolvan), judges: 'whose-reader' });
const open = (query: object, by: Asker): Question => ({ query, by, judges: 'nothing' });
const days = { from: '2026-03-01', to: '2026-04-30' };

/**
 * Every view, with what it judges when it shows a program: one that is not here is not considered, and the test of the replay fails. Those of
 * the audit log come first, for each look makes the log longer.
 */
export const questions: Readonly<Record<string, readonly Question[]>> = {
  'access-report': [open({}, resident(tolvan))],
  audit: [open({ perspective: 'provider', hsaId: idAt(maternity, 'b'), limit: 200 }, auditor)],
  'log-export': [open({ format: 'inera', perspective: 'provider', careProviderId: maternity.careProviderId }, auditor)],
  'log-checks': [open({}, auditor)],
  overview: [...['mine', 'all', 'ended'].map((tab) => ofUnit({ tab }, 'b')), ofUnit({ tab: 'handovers' }, 'ia')],
  program: [ofUnit({ programId }, 'b'), ofUnit({ programId }, 'ia')],
  form: [
    ofUnit({ programId, moduleId: 'steg-1', formId: 'fragor' }, 'b'),
    ofReader({ programId, moduleId: 'steg-1', formId: 'fragor' }),
  ],
  comments: [ofUnit({ programId }, 'b'), ofReader({ programId })],
  conversations: [ofUnit({ programId }, 'b'), ofReader({ programId })],
  conversation: [
    ofUnit({ programId, conversationId: lifesConversation }, 'b'),
    ofReader({ programId, conversationId: lifesConversation }),
  ],
  activities: [ofUnit({ programId, ...days }, 'b'), ofReader({ programId, ...days })],
  timeline: [ofUnit({ programId, limit: 200 }, 'b')],
  documentation: [ofUnit({}, 'b'), ofUnit({ programId }, 'b')],
  caseload: [ofUnit({}, 'ia')],
  'purge-list': [ofUnit({}, 'da')],
  purge: [ofUnit({ programId }, 'da')],
  'my-programs': [ofReader({})],
  'my-program': [ofReader({ programId })],
  template: [open({ templateId: tobak }, at(maternity, 'b')), ofReader({ templateId: tobak })],
  templates: [open({}, at(maternity, 'b'))],
  units: [open({}, region), open({ mine: true }, at(maternity, 'b'))],
  staff: [open({}, at(maternity, 'ba')), open({ eligibleFor: tobak }, at(maternity, 'ia'))],
  profile: [open({}, at(maternity, 'b'))],
  statistics: [open({}, region)],
  undelivered: [open({}, region)],
};

/** A question as it is asked of a unit. */
export type Asked = Question & { readonly name: string; readonly ask: QueryInput; readonly actor: Actor };

/** Every question, about a program that is a unit's. */
export const asked = (unit: TestUnit): readonly Asked[] =>
  Object.entries(questions).flatMap(([view, all]) =>
    all.map((question) => ({
      ...question,
      name: `${view} ${JSON.stringify(question.query)} by ${typeof question.by === 'string' ? question.by : question.by.kind}`,
      ask: { view, ...question.query },
      actor: typeof question.by === 'string' ? at(unit, question.by) : question.by,
    })),
  );

type Ask = World['folja']['view'];

/** What a view came to, without the position that it is of: looking at one moves the log on for the next. */
const answerTo = async (view: Ask, { ask, actor }: Asked): Promise<unknown> => {
  const result = await view(ask, actor);
  if (result._tag === 'Left') return result.left;
  const { asOf: _, ...answer } = result.right as { readonly asOf?: string };
  return answer;
};

/** What all questions come to, by their names. */
export const answersTo = async (view: Ask, all: readonly Asked[]): Promise<Readonly<Record<string, unknown>>> => {
  const answers: Record<string, unknown> = {};
  for (const question of all) answers[question.name] = await answerTo(view, question);
  return answers;
};

/** The position of the last event. */
export const lastPosition = async ({ engine }: World): Promise<string> =>
  String(rightOf(await engine.events.lastPosition()(), 'the last position'));

/** What a replay at a moment says, which is closed afterwards. */
export const during = async <A>(
  { folja }: World,
  until: Parameters<World['folja']['replay']>[0]['until'],
  work: (replay: Replay) => Promise<A>,
  by: Actor = auditor,
): Promise<A> => {
  const replay = await folja.replay({ until }, by);
  try {
    return await work(replay);
  } finally {
    await replay.close();
  }
};
