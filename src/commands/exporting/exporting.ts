import * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../../access/core.ts';
import type { Failure } from '../../access/failure.ts';
import { type Refusal, refused } from '../../domain/decider.ts';
import type { Uuid } from '../../domain/identifiers.ts';
import type { Instant } from '../../domain/time.ts';
import type { StoredEvent } from '../../eventStore/eventStore.ts';
import { readEvent } from '../../eventStore/shapes.ts';
import { programStream } from '../../eventStore/streams.ts';
import { openParts } from '../../privacy/flesh.ts';
import { programRow } from '../../projections/programs.ts';
import { contentFor } from '../../projections/templates.ts';
import { documentOf, type ProgramDocument } from './document.ts';
import { programBundle } from './fhir/bundle.ts';
import type { Opened } from './recorded.ts';

type Made = E.Either<Failure | Refusal, object>;

const purged: Refusal = refused('program-purged');

/** What an export opens. A draft stays sealed: it is the resident's alone until it is submitted. */
const isOpened = ({ type, sealedDigest }: StoredEvent): boolean => sealedDigest !== undefined && type !== 'form-saved';

/** A program's history with its personal parts opened. Only a purge erases any of them, so one that is gone is a purge under way. */
const historyOf = async (core: Core, programId: Uuid): Promise<E.Either<Failure | Refusal, readonly Opened[]>> => {
  const stored = await core.events.read(programStream(programId))();
  if (E.isLeft(stored)) return stored;
  const read = E.traverseArray(readEvent)(stored.right);
  if (E.isLeft(read)) return read;
  const positions = read.right.filter(isOpened).map(({ position }) => position);
  const parts = await openParts(core, positions);
  if (E.isLeft(parts)) return parts;
  const isPurged = read.right.some(({ type }) => type === 'purged') || parts.right.size < positions.length;
  if (isPurged) return E.left(purged);
  // The codec has checked type and shape; what was sealed had its shape checked when it was written.
  const opened = (event: StoredEvent) =>
    ({ ...event, sealed: parts.right.get(event.position) ?? {} }) as unknown as Opened;
  return E.right(read.right.map(opened));
};

const documentAt = (
  core: Core,
  programId: Uuid,
  events: readonly Opened[],
  at: Instant,
): ProgramDocument | undefined => {
  const row = programRow(core.readModels, programId);
  const template = row === undefined ? undefined : contentFor(core.readModels, row);
  return template === undefined ? undefined : documentOf(programId, events, template, at);
};

/** Writes a program out (R244): in the library's own JSON, or as a FHIR R4 Bundle. Refused when it was purged meanwhile (R246). */
export const exportOf = async (
  core: Core,
  { programId, format }: { readonly programId: Uuid; readonly format: 'json' | 'fhir' },
  at: Instant,
): Promise<Made> => {
  const events = await historyOf(core, programId);
  if (E.isLeft(events)) return events;
  const document = documentAt(core, programId, events.right, at);
  if (document === undefined) return E.left(purged);
  return E.right(format === 'fhir' ? programBundle(document) : document);
};
