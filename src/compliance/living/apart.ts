import { type Model, type ModelProgram, swedishDay } from '../model/state.ts';
import type { Picture, Said } from '../shown.ts';
import type { Apart } from '../trace.ts';
import { outcomeOf, receiptOf, type Told } from '../trace.ts';
import type { Call, UnitPlan } from '../world.ts';
import { pictureOf } from './pictures.ts';
import { type Begin, beginning } from './preparing.ts';

type Sent = Extract<Call, { kind: 'command' }>;
type Step = { readonly told: Told; readonly call: Sent; readonly about: string | undefined };

/** The program that an accepted command was about, or made. */
const aboutOf = (told: Told): string | undefined => receiptOf(told)?.ids.programId;

/** What changed something, each under the id that it had: ids that were made of it are then the same. */
const stepsOf = (told: readonly Told[]): readonly Step[] =>
  told.flatMap((one) => {
    const { call, phase } = one;
    const receipt = receiptOf(one);
    if (phase !== 'step' || call.kind !== 'command' || receipt === undefined || outcomeOf(one) !== 'changed') return [];
    return [{ told: one, call: { ...call, id: receipt.commandId }, about: aboutOf(one) }];
  });

/** Two programs of different residents, of one template where there are such: relatives. */
const pairIn = ({ programs }: Model, choice: number): readonly [ModelProgram, ModelProgram] | undefined => {
  const all = [...programs.values()];
  const one = all[choice % Math.max(1, all.length)];
  const others = all.filter(({ resident }) => resident !== one?.resident);
  const other = others.find(({ templateId }) => templateId === one?.templateId) ?? others[0];
  return one === undefined || other === undefined ? undefined : [one, other];
};

type Lived = {
  readonly units: readonly UnitPlan[];
  readonly model: Model;
  readonly told: readonly Told[];
  readonly now: number;
  readonly picture: (program: ModelProgram) => Promise<Picture>;
};

/** Lives a run once more from the same beginning, without all that was done about one program; looks at another's. */
export const liveApart = async (begin: Begin, lived: Lived, choice: number): Promise<Apart | undefined> => {
  const pair = pairIn(lived.model, choice);
  if (pair === undefined) return undefined;
  const [kept, left] = pair;
  const time = { now: beginning };
  const given = { clock: () => new Date(time.now), deliver: async () => undefined };
  const { opened, ground } = await begin(lived.units, given);
  const { folja } = opened;
  const send = async ({ call }: Step): Promise<boolean> => {
    const answer = await folja.execute({ ...call.command, id: call.id as string }, call.actor);
    return answer._tag === 'Right' && answer.right.events.length > 0;
  };
  const differing: string[] = [];
  try {
    for (const step of stepsOf(lived.told).filter(({ about }) => about !== left.id)) {
      time.now = Date.parse(step.told.at);
      if (await send(step)) continue;
      // A unit may not be put away while a program goes on there: that is no matter between relatives.
      if (step.about !== kept.id) return undefined;
      differing.push(step.call.command.type);
    }
    time.now = lived.now;
    const ask = async (call: Call): Promise<Said> => {
      const answer =
        call.kind === 'view' ? await folja.view(call.query, call.actor) : await folja.execute(call.command, call.actor);
      return answer._tag === 'Right' ? { right: answer.right } : { left: answer.left };
    };
    const asking = {
      ask,
      model: lived.model,
      now: new Date(time.now).toISOString(),
      today: swedishDay(new Date(time.now)),
    };
    const [before, after] = [await lived.picture(kept), await pictureOf(asking, kept, true)];
    return { programId: kept.id, without: left.id, before, after, differing };
  } finally {
    await folja.close();
    ground.remove();
  }
};
