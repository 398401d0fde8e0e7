import type { Model, ModelProgram } from '../model/state.ts';
import { mayAct, plusDays } from '../model/state.ts';
import type { Picture, Said, Shown } from '../shown.ts';
import { type Call, clock, hsaIdOf, residentActor, staffActor } from '../world.ts';

/** How a question is asked during a run, and what then is known. */
export type Asking = {
  readonly ask: (call: Call) => Promise<Said>;
  readonly model: Model;
  readonly today: string;
  readonly now: string;
};

type Viewer = Call['actor'];

const ablest = ({ model, today }: Asking, unitId: string, ...roles: Parameters<typeof mayAct>[2]): Viewer => {
  const able = [...(model.units.get(unitId)?.staff.keys() ?? [])].map((hsaId) =>
    staffActor(hsaId, unitId, model.setting.policy),
  );
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

/** The days around now of which the occasions are looked at. */
export const around = (today: string) => ({ from: plusDays(today, -20), to: plusDays(today, 10) });

const formPictures = async (
  { ask }: Asking,
  { id: programId, forms }: ModelProgram,
  actors: { readonly own: Viewer; readonly viewer: Viewer },
): Promise<Picture['forms']> => {
  const seen: Record<string, { readonly resident: Said; readonly staff: Said }> = {};
  for (const form of forms.keys()) {
    const [moduleId = '', formId = ''] = form.split('/');
    const query = { view: 'form', programId, moduleId, formId };
    seen[form] = { resident: await ask(question(actors.own, query)), staff: await ask(question(actors.viewer, query)) };
  }
  return seen;
};

/** Everything that both sides see of a program; when it is to be full, its forms as well and the timeline that they come into. */
export const pictureOf = async (asking: Asking, program: ModelProgram, isFull: boolean): Promise<Picture> => {
  const { ask } = asking;
  const { id: programId, unitId } = program;
  const own = residentActor(program.resident, asking.model.setting.policy);
  const viewer = ablest(asking, unitId, 'clinician', 'resident-administrator');
  const staff = await ask(question(viewer, { view: 'program', programId }));
  const resident = await ask(question(own, { view: 'my-program', programId }));
  // A program without any is asked for them in full pictures only.
  const conversations =
    isFull || program.conversations.size > 0
      ? await ask(question(own, { view: 'conversations', programId }))
      : { right: { rows: [] } };
  const each: Said[] = [];
  for (const conversationId of conversationIdsIn(conversations)) {
    each.push(await ask(question(own, { view: 'conversation', programId, conversationId })));
  }
  const picture: Picture = {
    ...{ staff, resident, conversations, each },
    ...(program.comments.size > 0 ? { comments: await ask(question(own, { view: 'comments', programId })) } : {}),
    ...(program.plans.size > 0
      ? { activities: await ask(question(own, { view: 'activities', programId, ...around(asking.today), limit: 200 })) }
      : {}),
  };
  if (!isFull || program.status === 'purged') return picture;
  if (program.forms.size === 0) return picture;
  const clinician = ablest(asking, unitId, 'clinician');
  return {
    ...picture,
    timeline: await ask(question(clinician, { view: 'timeline', programId, limit: 200 })),
    forms: await formPictures(asking, program, { own, viewer: clinician }),
  };
};

/** The pictures of several programs, by id. */
export const picturesOf = async (
  asking: Asking,
  programs: readonly ModelProgram[],
  isFull: boolean,
): Promise<Readonly<Record<string, Picture>>> => {
  const pictures: Record<string, Picture> = {};
  for (const program of programs) pictures[program.id] = await pictureOf(asking, program, isFull);
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
  const responsible = [...asking.model.programs.values()].filter((one) => one.unitId === unitId);
  const some = new Set([...responsible.map(({ clinician }) => clinician), hsaIdOf(unitId, 1)]);
  for (const hsaId of some) {
    const actor = staffActor(hsaId, unitId, asking.model.setting.policy);
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
    const own = residentActor(resident, asking.model.setting.policy);
    lists[resident] = await asking.ask(question(own, { view: 'my-programs' }));
  }
  return lists;
};
