import { derivedId } from '../../../access/ids.ts';
import type { HsaId, Uuid } from '../../../domain/identifiers.ts';
import type { Reference } from '../../../projections/fhir/elements.ts';

/** What has a UUID of its own in the library, and keeps it. */
const named = ['program', 'conversation', 'message', 'comment', 'flag', 'plan', 'handover'];

/** Ids of resources and references to them, the same each time that a program is exported. */
export type Naming = {
  readonly id: (kind: string, ...name: readonly string[]) => Uuid;
  readonly to: (kind: string, ...name: readonly string[]) => { readonly reference: string };
  readonly resident: Reference;
  readonly program: Reference;
  /** The staff member; undefined where nobody is known. */
  readonly staff: (hsaId: HsaId | undefined) => Reference | undefined;
};

export const fullUrl = (id: Uuid): string => `urn:uuid:${id}`;

/** Names the resources of a program. What is not known by a UUID gets one that follows from the program's; no personal number is in it. */
export const namingOf = (programId: Uuid): Naming => {
  const id: Naming['id'] = (kind, ...name) =>
    named.includes(kind) && name.length === 1 ? (name[0] as Uuid) : derivedId(programId, [kind, ...name].join(' '));
  const to: Naming['to'] = (...what) => ({ reference: fullUrl(id(...what)) });
  return {
    ...{ id, to },
    resident: to('resident'),
    program: to('program', programId),
    staff: (hsaId) => (hsaId === undefined ? undefined : to('staff', hsaId)),
  };
};
