import type { Actor } from '../../access/actor.ts';
import type { Role } from '../../domain/actors.ts';
import { isKindAllowed, type ModelUnit } from '../model/state.ts';
import { templateIdsOf } from '../setting.ts';
import { attested, type Call, regionalTeam, residentsOf, staffActor, testResidentsOf } from '../world.ts';
import { type Attempt, command, ongoing } from './attempt.ts';
import { able, eligible, type Scene, unitsOf } from './scene.ts';

const startOn = (unit: ModelUnit, templateId: string, hsaId: string, resident: string, clinician?: string): Call =>
  command(
    'start-program',
    {
      templateId,
      resident: { personalNumber: resident, name: 'Namn' },
      attested,
      ...(clinician === undefined ? {} : { clinician }),
    },
    staffActor(hsaId, unit.id),
  );

/** A start that nothing forbids on a unit, if there is one. */
const startable = (scene: Scene, unit: ModelUnit) => {
  const { setting } = scene.model;
  const taken = (templateId: string, resident: string): boolean =>
    ongoing(scene).some((one) => one.resident === resident && one.templateId === templateId && one.unitId === unit.id);
  const allowed = unit.environment === 'training' ? testResidentsOf(setting) : residentsOf(setting);
  return templateIdsOf(setting)
    .filter((templateId) => unit.templates.has(templateId) && isKindAllowed(scene.model, templateId, unit.kind))
    .flatMap((templateId) => {
      const [hsaId] = eligible(scene, unit.id, { templateId });
      const resident = residentsOf(setting).find((one) => allowed.includes(one) && !taken(templateId, one));
      return hsaId === undefined || resident === undefined ? [] : [{ templateId, hsaId, resident }];
    })[0];
};

const administratorOf = (scene: Scene, { id }: ModelUnit): Actor | undefined =>
  able(scene, id, 'authorization-administrator')[0];

/** Somebody who may treat by another template alone is named as the clinician. */
const limitedTo = (
  { model }: Scene,
  unit: ModelUnit,
  hsaId: string,
  start: { readonly templateId: string; readonly hsaId: string; readonly resident: string },
  by: Actor,
): readonly Call[] => {
  const another = templateIdsOf(model.setting).find((one) => one !== start.templateId);
  const data = { unitId: unit.id, hsaId, role: 'clinician' as const };
  return another === undefined
    ? []
    : [
        command('grant-role', { ...data, templateIds: [another] }, by),
        startOn(unit, start.templateId, start.hsaId, start.resident, hsaId),
        command('grant-role', data, by),
      ];
};

/** With a clinician who was put away, on a unit where a role is held by nobody, and where the program is not enabled. */
export const startsWrongly: Attempt = (scene) =>
  unitsOf(scene, ({ active }) => active)
    .slice(0, 1)
    .flatMap((unit) => {
      const by = administratorOf(scene, unit);
      const start = startable(scene, unit);
      if (by === undefined || start === undefined || by.kind !== 'staff') return [];
      const { templateId, hsaId, resident } = start;
      const other = eligible(scene, unit.id, { templateId }).find((one) => one !== hsaId && one !== by.hsaId);
      const holders = [...unit.staff].filter(([, { active, roles }]) => active && roles.has('data-administrator'));
      const unitId = unit.id;
      const role: Role = 'data-administrator';
      const [disable, enable] = (['disable-template', 'enable-template'] as const).map((type) =>
        command(type, { unitId, templateId }, regionalTeam),
      );
      const enabled =
        disable === undefined || enable === undefined
          ? []
          : [disable, startOn(unit, templateId, hsaId, resident), enable];
      return [
        ...(other === undefined
          ? []
          : [
              command('deactivate-staff', { unitId, hsaId: other }, by),
              startOn(unit, templateId, hsaId, resident, other),
              command('reactivate-staff', { unitId, hsaId: other }, by),
              ...limitedTo(scene, unit, other, start, by),
            ]),
        ...holders.map(([one]) => command('revoke-role', { unitId, hsaId: one, role }, by)),
        startOn(unit, templateId, hsaId, resident),
        ...ongoing(scene)
          .slice(0, 1)
          .flatMap(({ id: programId }) =>
            holders.map(([one]) => command('export-program', { programId, format: 'json' }, staffActor(one, unitId))),
          ),
        ...holders.map(([one]) => command('grant-role', { unitId, hsaId: one, role }, by)),
        ...enabled,
      ];
    });

/** A training unit holds test residents alone (D26). */
export const trainsWithAnybody: Attempt = (scene) =>
  unitsOf(scene, ({ active, environment }) => active && environment === 'training').flatMap((unit) => {
    const { setting } = scene.model;
    const real = residentsOf(setting).find((one) => !testResidentsOf(setting).includes(one));
    const templateId = templateIdsOf(setting).find((one) => unit.templates.has(one));
    const [hsaId] = templateId === undefined ? [] : eligible(scene, unit.id, { templateId });
    return templateId === undefined || hsaId === undefined || real === undefined
      ? []
      : [startOn(unit, templateId, hsaId, real)];
  });
