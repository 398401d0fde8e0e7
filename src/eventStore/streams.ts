import type { HsaId, Slug, Uuid } from '../domain/identifiers.ts';

/** The stream of a unit. */
export const unitStream = (unitId: HsaId): string => `unit-${unitId}`;

/** The unit whose stream it is. */
export const unitIdOf = (stream: string): HsaId => stream.slice('unit-'.length);

/** The stream of a template. */
export const templateStream = (templateId: Slug): string => `template-${templateId}`;

/** The template whose stream it is. */
export const templateIdOf = (stream: string): Slug => stream.slice('template-'.length);

/** The stream of a program, and of its handovers. */
export const programStream = (programId: Uuid): string => `program-${programId}`;

/** The program whose stream it is. */
export const programIdOf = (stream: string): Uuid => stream.slice('program-'.length);

/** True for the stream of a program. */
export const isProgramStream = (stream: string): boolean => stream.startsWith('program-');

/** The stream of an opened library instance's access log. */
export const accessStream = (instance: Uuid): string => `access-${instance}`;

/** True for the stream of an access log. */
export const isAccessStream = (stream: string): boolean => stream.startsWith('access-');

/** What a stream is of: `unit`, `template`, `program` or `access`. */
export const kindOf = (stream: string): string => stream.slice(0, Math.max(0, stream.indexOf('-')));
