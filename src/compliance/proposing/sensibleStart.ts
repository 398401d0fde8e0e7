import { hasOngoing } from '../model/relations.ts';
import { isKindAllowed, type ModelUnit } from '../model/state.ts';
import { templateIdsOf } from '../setting.ts';
import { attested, residentsOf, staffActor, testResidentsOf, written } from '../world.ts';
import { able, canary, eligible, idFor, type Proposer, pick, type Scene, unitsOf } from './scene.ts';

type Start = { readonly unitId: string; readonly templateId: string; readonly resident: string };

const mayLiveOn = ({ model }: Scene, { environment }: ModelUnit, resident: string): boolean =>
  environment === 'production' || testResidentsOf(model.setting).includes(resident);

const startable = (scene: Scene): readonly Start[] => {
  const { model } = scene;
  return unitsOf(scene, (unit) => unit.active).flatMap((unit) =>
    templateIdsOf(model.setting)
      .filter((templateId) => unit.templates.has(templateId) && isKindAllowed(model, templateId, unit.kind))
      .flatMap((templateId) =>
        residentsOf(model.setting)
          .filter((resident) => mayLiveOn(scene, unit, resident))
          .filter((resident) => !hasOngoing(model, resident, templateId, unit.id))
          .map((resident) => ({ unitId: unit.id, templateId, resident })),
      ),
  );
};

/** Now and then a resident administrator starts for another, where the region lets one (D9). */
const starterFor = (scene: Scene, unitId: string, fitting: readonly string[]): string | undefined => {
  const { model, step } = scene;
  const administrators = able(scene, unitId, 'resident-administrator').flatMap((one) =>
    one.kind === 'staff' ? one.hsaId : [],
  );
  const mayAdminister = model.setting.policy.starting.byResidentAdministrator && step.c % 8 === 1;
  const everybody = [...(model.units.get(unitId)?.staff.keys() ?? [])];
  return pick(mayAdminister ? administrators : step.c % 9 === 0 ? everybody : fitting, step.b);
};

/** What is sensible to start. */
export const sensibleStart: { readonly 'start-program': Proposer<'start-program'> } = {
  'start-program': (scene) => {
    const { step, number } = scene;
    const wanted = pick(startable(scene), step.a);
    if (wanted === undefined) return undefined;
    const { unitId, templateId, resident } = wanted;
    const fitting = eligible(scene, unitId, { templateId });
    const hsaId = starterFor(scene, unitId, fitting);
    if (hsaId === undefined) return undefined;
    const another = step.c % 8 === 1 ? { clinician: pick(fitting, step.c) ?? hsaId } : {};
    const own = step.c % 3 === 0 ? { programId: idFor(number, 'program') } : {};
    const channels = { inbox: true, sms: step.b % 2 === 0, email: step.c % 2 === 0 };
    return {
      data: {
        ...own,
        templateId,
        resident: { personalNumber: written(resident, step.b), name: canary(number, 'Namn') },
        attested: step.c % 17 === 0 ? { ...attested, accepted: false } : attested,
        ...another,
        ...(step.a % 2 === 0 ? { notifications: channels } : {}),
      },
      actor: staffActor(hsaId, unitId),
    };
  },
};
