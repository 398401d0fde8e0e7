import type { Model, ModelProgram } from './model/state.ts';
import { mayAct } from './model/state.ts';
import type { Picture, Said, Shown } from './trace.ts';
import { type Call, clock, residentActor, staffActor } from './world.ts';

/** How a question is asked during a run, and what then is known. */
export type Asking = {
  readonly ask: (call: Call) => Promise<Said>;
  readonly model: Model;
  readonly today: string;
};

type Viewer = Call['actor'];

const ablest = ({ model, today }: Asking, unitId: string, ...roles: Parameters<typeof mayAct>[2]): Viewer => {
  const able = [...(model.units.get(unitId)?.staff.keys() ?? [])].map((hsaId) => staffActor(hsaId, unitId));
  return able.find((actor) => mayAct(model, { actor, today }, roles)) ?? clock;
};

const question = (actor: Viewer, query: Extract<Call, { kind: 'view' }>['query']): Call => ({
  kind: 'view',
  query,
  actor,
});

const conversationIdsIn = (said: Said): readonly string[] =>
  'right' in said
    ? ((said.right as Shown).rows ?? []).map((row) => (row as { conversationId: string }).conversationId)
    : [];

/** Everything that both sides see of a program. */
export const pictureOf = async (asking: Asking, program: ModelProgram): Promise<Picture> => {
  const { ask } = asking;
  const { id: programId, unitId } = program;
  const own = residentActor(program.resident);
  const viewer = ablest(asking, unitId, 'clinician', 'resident-administrator');
  const staff = await ask(question(viewer, { view: 'program', programId }));
  const resident = await ask(question(own, { view: 'my-program', programId }));
  const conversations = await ask(question(own, { view: 'conversations', programId }));
  const each: Said[] = [];
  for (const conversationId of conversationIdsIn(conversations)) {
    each.push(await ask(question(own, { view: 'conversation', programId, conversationId })));
  }
  return { staff, resident, conversations, each };
};

/** The pictures of several programs, by id. */
export const picturesOf = async (
  asking: Asking,
  programs: readonly ModelProgram[],
): Promise<Readonly<Record<string, Picture>>> => {
  const pictures: Record<string, Picture> = {};
  for (const program of programs) pictures[program.id] = await pictureOf(asking, program);
  return pictures;
};

/** What a unit's staff see in their lists. */
export const listsOf = async (asking: Asking, unitId: string): Promise<Readonly<Record<string, Said>>> => {
  const viewer = ablest(asking, unitId, 'clinician', 'resident-administrator');
  const lists: Record<string, Said> = {};
  for (const tab of ['all', 'ended'])
    lists[tab] = await asking.ask(question(viewer, { view: 'overview', tab, limit: 200 }));
  const administrator = ablest(asking, unitId, 'resident-administrator');
  lists.handovers = await asking.ask(question(administrator, { view: 'overview', tab: 'handovers', limit: 200 }));
  const eraser = ablest(asking, unitId, 'data-administrator');
  lists['purge-list'] = await asking.ask(question(eraser, { view: 'purge-list', limit: 200 }));
  for (const hsaId of asking.model.units.get(unitId)?.staff.keys() ?? []) {
    const actor = staffActor(hsaId, unitId);
    if (!mayAct(asking.model, { actor, today: asking.today }, ['clinician', 'resident-administrator'])) continue;
    lists[`mine ${hsaId}`] = await asking.ask(question(actor, { view: 'overview', tab: 'mine', limit: 200 }));
  }
  return lists;
};

/** What the residents see in their lists. */
export const ownListsOf = async (
  asking: Asking,
  residents: readonly string[],
): Promise<Readonly<Record<string, Said>>> => {
  const lists: Record<string, Said> = {};
  for (const resident of residents) {
    lists[resident] = await asking.ask(question(residentActor(resident), { view: 'my-programs' }));
  }
  return lists;
};
