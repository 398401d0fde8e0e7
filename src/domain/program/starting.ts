import * as E from 'fp-ts/lib/Either.js';
import type { Circumstances, Decision, RefusalCode } from '../decider.ts';
import { refused } from '../decider.ts';
import type { ProgramCommand } from './commands.ts';
import type { ProgramFacts } from './facts.ts';
import { opening } from './modules.ts';
import type { ProgramStreamEvent } from './state.ts';

type Of<Type extends ProgramCommand['type']> = Extract<ProgramCommand, { type: Type }>;
type Decided = Decision<ProgramStreamEvent>;
type Template = NonNullable<ProgramFacts['template']>;

const no = (code: RefusalCode): Decided => E.left(refused(code));

const forbidsStart = (
  data: Of<'start-program'>['data'],
  facts: ProgramFacts,
  named: boolean,
): RefusalCode | undefined => {
  const { start, template } = facts;
  if (template === undefined || start === undefined) return 'unknown-template';
  const { unit } = start;
  if (!unit.templateEnabled) return 'template-not-enabled';
  const { unitKinds } = template.content;
  if (unitKinds.length > 0 && !unitKinds.includes(unit.kind)) return 'unit-kind-not-allowed';
  if (!unit.ready) return 'unit-not-ready';
  if (facts.starterUnfit !== undefined) return facts.starterUnfit;
  if (facts.clinicianUnfit !== undefined) return named ? 'clinician-not-eligible' : facts.clinicianUnfit;
  if (unit.environment === 'training' && !start.isTestResident) return 'training-data-only'; // D26
  if (Object.values(data.attested).some((fact) => !fact)) return 'not-attested';
  return start.alreadyOngoing ? 'program-already-ongoing' : undefined;
};

const allOff = { inbox: false, sms: false, email: false };

/** A new program, with the modules that open at its start (R083–R092, I03, I05): for any resident, each relative too (R271, R272). */
export const start = ({ data }: Of<'start-program'>, facts: ProgramFacts, { by }: Circumstances): Decided => {
  const clinician = data.clinician ?? by.hsaId ?? '';
  const forbidden = forbidsStart(data, facts, clinician !== by.hsaId);
  if (forbidden !== undefined) return no(forbidden);
  const { major, minor, content } = facts.template as Template;
  const { unit, keyId } = facts.start as NonNullable<ProgramFacts['start']>;
  const { unitId, careProviderId, county, environment } = unit;
  const { templateId, attested, notifications = allOff, resident } = data;
  return E.right([
    {
      type: 'started',
      data: {
        ...{ templateId, major, minor, unitId, careProviderId, county, environment, clinician },
        ...{ attested, notifications, keyId },
      },
      sealed: { personalNumber: resident.personalNumber, name: resident.name },
    },
    ...content.modules.filter(({ opensAtStart }) => opensAtStart).map((module) => opening(module)),
  ]);
};
