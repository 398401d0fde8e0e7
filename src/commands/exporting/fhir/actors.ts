import type { HsaId } from '../../../domain/identifiers.ts';
import {
  type CodeableConcept,
  type Common,
  concept,
  type Identifier,
  type Reference,
} from '../../../projections/fhir/elements.ts';
import { registerOf, registers, systemOf } from '../../../projections/fhir/registers.ts';
import type { ProgramDocument } from '../document.ts';
import { given } from '../recorded.ts';
import type { Naming } from './naming.ts';

type Patient = Common & {
  readonly resourceType: 'Patient';
  readonly identifier: readonly Identifier[];
  readonly name: readonly { readonly text: string }[];
};
type Organization = Common & {
  readonly resourceType: 'Organization';
  readonly identifier: readonly Identifier[];
  readonly partOf?: Reference;
};
type Practitioner = Common & { readonly resourceType: 'Practitioner'; readonly identifier: readonly Identifier[] };
type PractitionerRole = Common & {
  readonly resourceType: 'PractitionerRole';
  readonly practitioner: Reference;
  readonly organization: Reference;
  readonly code: readonly CodeableConcept[];
};
export type ActorResource = Patient | Organization | Practitioner | PractitionerRole;

const byHsaId = (hsaId: HsaId): readonly Identifier[] => [{ system: systemOf(registers.hsaId), value: hsaId }];

/** Care units with their care providers, as far as the document says who is whose. */
const unitsIn = ({ program, history, handovers }: ProgramDocument): ReadonlyMap<HsaId, HsaId | undefined> => {
  const named = handovers.flatMap(({ fromUnit, toUnit }) => [fromUnit, toUnit]).map((id) => [id, undefined] as const);
  const acting = history.flatMap(({ by: { unitId, careProviderId } }) =>
    unitId === undefined ? [] : [[unitId, careProviderId] as const],
  );
  return new Map([...named, ...acting, [program.unitId, program.careProviderId]]);
};

const organizationsOf = (document: ProgramDocument, { id, to }: Naming): readonly Organization[] => {
  const units = unitsIn(document);
  const providers = [...units.values()].filter((one): one is HsaId => one !== undefined && !units.has(one));
  const organization = (hsaId: HsaId): Organization => {
    const provider = units.get(hsaId);
    return {
      resourceType: 'Organization',
      id: id('organization', hsaId),
      identifier: byHsaId(hsaId),
      ...given('partOf', provider === undefined || provider === hsaId ? undefined : to('organization', provider)),
    };
  };
  return [...new Set([...units.keys(), ...providers])].map(organization);
};

const present = (hsaIds: readonly (HsaId | undefined)[]): readonly HsaId[] => hsaIds.filter((one) => one !== undefined);

const staffIn = ({ program, dialogue, handovers, history }: ProgramDocument): ReadonlySet<HsaId> =>
  new Set(
    present([
      program.clinician,
      ...history.map(({ by }) => by.hsaId),
      ...dialogue.conversations.flatMap(({ messages }) => messages.map(({ addressee }) => addressee)),
      ...handovers.map(({ clinician }) => clinician),
    ]),
  );

/** The resident, the units and care providers, the staff, and the role of the responsible clinician. */
export const actorsOf = (document: ProgramDocument, naming: Naming): readonly ActorResource[] => {
  const { resident, program } = document;
  const { id, to } = naming;
  const { personalNumber, name } = resident;
  return [
    {
      resourceType: 'Patient',
      id: id('resident'),
      identifier: [{ system: systemOf(registerOf(personalNumber)), value: personalNumber }],
      name: [{ text: name }],
    },
    ...organizationsOf(document, naming),
    ...[...staffIn(document)].map(
      (hsaId): Practitioner => ({
        resourceType: 'Practitioner',
        id: id('staff', hsaId),
        identifier: byHsaId(hsaId),
      }),
    ),
    {
      resourceType: 'PractitionerRole',
      id: id('responsible'),
      practitioner: to('staff', program.clinician),
      organization: to('organization', program.unitId),
      code: [concept('role', 'clinician')],
    },
  ];
};
