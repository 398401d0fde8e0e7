import * as E from 'fp-ts/lib/Either.js';
import type { Core } from '../access/core.ts';
import { derivedId, eventId } from '../access/ids.ts';
import type { Uuid } from '../domain/identifiers.ts';
import type { Engine } from '../eventStore/engine.ts';
import { programIdOf } from '../eventStore/streams.ts';
import type { HostStore } from '../foljaOptions.ts';
import type { Erasable, ErasingOptions } from '../privacy/erasing.ts';

/**
 * Writes that an erasure is finished, as an entry of the audit log with the counts of what went, and nobody's name. Its id follows from
 * the `purged` event, so a certificate that a stop cut off is written once.
 */
export const certifying =
  ({ events, log, now }: Pick<Core, 'events' | 'log' | 'now'>): ErasingOptions['certify'] =>
  async ({ stream, keyId, parts }, stores) => {
    const history = await events.read(stream)();
    if (E.isLeft(history)) return history;
    const purged = history.right.findLast(({ type }) => type === 'purged');
    const commandId: Uuid = derivedId(purged?.id ?? programIdOf(stream), 'certificate');
    const written = await events.find([eventId(commandId, 0)])();
    if (E.isLeft(written) || written.right.length > 0) return E.map(() => undefined)(written);
    const data = { programs: [programIdOf(stream)], keyId, parts, stores: [...stores] };
    const certified = await log.append({
      event: { type: 'erasure-certified', data },
      at: now().toISOString(),
      by: { kind: 'system', process: 'operations' },
      commandId,
    });
    // Another process wrote it at the same moment.
    return E.isLeft(certified) && certified.left.kind === 'id-reused' ? E.right(undefined) : certified;
  };

/** Databases that lie aside, such as those of open replays: a purge removes them. */
export const asideStore = ({ discardAside }: Pick<Engine, 'discardAside'>): Erasable => ({
  name: 'replays',
  erase: async () => E.tryCatch(discardAside, (error) => error),
});

/** A store of the host's own. What it fails with stays there: its message may hold anything. */
export const hostStore = ({ name, erase }: HostStore): Erasable => ({
  name,
  erase: (programId) =>
    Promise.resolve()
      .then(() => erase(programId))
      .then(
        () => E.right(undefined),
        () => E.left('failed'),
      ),
});
