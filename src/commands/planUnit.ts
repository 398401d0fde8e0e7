import * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../access/core.ts';
import type { Failure } from '../access/failure.ts';
import { latestVersion } from '../domain/template/template.ts';
import type { UnitCommand } from '../domain/unit/commands.ts';
import type { Unit } from '../domain/unit/state.ts';
import { type UnitFacts, unit } from '../domain/unit/unit.ts';
import type { AppendOptions } from '../eventStore/eventStore.ts';
import { type Loaded, sealedKey } from '../eventStore/histories.ts';
import { templateStream, unitStream } from '../eventStore/streams.ts';
import { type Opened, openParts } from '../privacy/flesh.ts';
import { countPrograms } from '../projections/programs.ts';
import type { Plan, Planner } from './plan.ts';

/** Facts for the decision, with the heads they were read at and what must still hold when it is written. */
type Gathered = {
  readonly facts: UnitFacts;
  readonly heads?: Readonly<Record<string, number>>;
  readonly holds?: AppendOptions['holds'];
};
type Gathering = Promise<E.Either<Failure, Gathered>>;
type Of<Type extends UnitCommand['type']> = Extract<UnitCommand, { type: Type }>;

const gatherTemplate = async (core: Core, { data: { templateId } }: Of<'enable-template'>): Gathering => {
  const stream = templateStream(templateId);
  const loaded = await core.histories.template(stream);
  return E.map(({ state, revision }: Extract<typeof loaded, { _tag: 'Right' }>['right']) => ({
    facts: { templateUnitKinds: latestVersion(state)?.content.unitKinds },
    heads: { [stream]: revision },
  }))(loaded);
};

/** Whether the name sent is the one that lies sealed: asked here, for the domain sees no sealed part. */
const gatherName = async (
  core: Core,
  { data: { staff } }: Of<'register-staff'>,
  { sealedAt }: Loaded<Unit>,
): Gathering => {
  const places = (['staff-registered', 'staff-changed'] as const).map((type) =>
    sealedAt.get(sealedKey(type, staff.hsaId)),
  );
  const latest = Math.max(...places.map((place) => place ?? 0));
  const opened = await openParts(core, latest === 0 ? [] : [latest]);
  return E.map((parts: ReadonlyMap<number, Opened>) => ({
    facts: { sameName: parts.get(latest)?.name === staff.name },
  }))(opened);
};

const gatherOngoing = ({ readModels }: Core, unitId: string): Gathered => {
  const { ongoing, ended } = countPrograms(readModels, unitId);
  return {
    facts: { ongoing, unpurged: ended },
    holds: () => countPrograms(readModels, unitId).ongoing > 0 === ongoing > 0,
  };
};

const gather = async (core: Core, command: UnitCommand, loaded: Loaded<Unit>): Gathering => {
  switch (command.type) {
    case 'activate-unit': {
      if (loaded.state.status !== 'absent') return E.right({ facts: {} });
      return E.map((keyId: string) => ({ facts: { keyId } }))(await core.keys.take()());
    }
    case 'enable-template':
      return gatherTemplate(core, command);
    case 'register-staff':
      return gatherName(core, command, loaded);
    case 'deactivate-unit':
      return E.right(gatherOngoing(core, command.data.unitId));
    default:
      return E.right({ facts: {} });
  }
};

/** Plans the commands of a unit. */
export const planUnit: Planner<UnitCommand> = async (core, command, { acting, circumstances }) => {
  const stream = unitStream(command.data.unitId);
  const loaded = await core.histories.unit(stream);
  if (E.isLeft(loaded)) return loaded;
  const { state, revision } = loaded.right;
  return E.map(
    ({ facts, heads, holds }: Gathered): Plan => ({
      stream,
      revision,
      heads: { ...acting.heads, ...heads },
      decision: unit.decide(command, state, circumstances, facts),
      keyId: state.status === 'absent' ? facts.keyId : state.keyId,
      programs: [],
      ...(holds === undefined ? {} : { holds }),
    }),
  )(await gather(core, command, loaded.right));
};
