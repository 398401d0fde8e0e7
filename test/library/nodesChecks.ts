import { checkI15 } from '../../src/compliance/checks/histories.ts';
import { checkI04 } from '../../src/compliance/checks/units.ts';
import { standardSetting } from '../../src/compliance/setting.ts';
import type { Event } from '../../src/compliance/shown.ts';
import type { StoredEvent } from '../../src/eventStore/eventStore.ts';
import type { Notification, Receipt } from '../../src/index.ts';
import type { OutboxRow } from '../../src/projections/notifications/outbox.ts';

const isEntry = ({ stream }: StoredEvent): boolean => stream.startsWith('access-');

/** The receipts whose events are not in the log, at the place that was told. */
export const notInLog = (receipts: readonly Receipt[], log: readonly StoredEvent[]): readonly Receipt[] =>
  receipts.filter(({ events, position, stream, revision }) => {
    const last = Number(position);
    const found = log.slice(last - events.length, last);
    const isThere = events.every(({ id }, index) => found[index]?.id === id && found[index]?.stream === stream);
    return events.length > 0 && !(isThere && found.at(-1)?.revision === revision);
  });

type Ran = { readonly events: readonly StoredEvent[] };

const byCommand = (log: readonly StoredEvent[]): readonly Ran[] => {
  const all = new Map<string, StoredEvent[]>();
  for (const event of log.filter((one) => !isEntry(one)))
    all.set(event.cause.commandId, [...(all.get(event.cause.commandId) ?? []), event]);
  return [...all.values()].map((events) => ({ events }));
};

/** The commands whose events do not follow one another in one stream: they were done twice. */
export const doneTwice = (log: readonly StoredEvent[]): readonly string[] =>
  byCommand(log)
    .filter(({ events: [first, ...others] }) =>
      others.some(
        ({ stream, revision, position }, index) =>
          stream !== first?.stream ||
          revision !== first.revision + index + 1 ||
          position !== first.position + index + 1,
      ),
    )
    .map(({ events }) => events[0]?.cause.commandId ?? '');

/** Throws where a program has not one unit and one clinician after each of its events, as its unit said. */
export const requireOneOwner = (log: readonly StoredEvent[]): void => {
  const events = log.filter((event) => !isEntry(event)) as readonly unknown[] as readonly Event[];
  checkI04({ events, setting: standardSetting });
  checkI15({ events });
  const starts = events.filter(({ type }) => type === 'started').map(({ stream }) => stream);
  if (new Set(starts).size < starts.length) throw new Error('a program was started twice');
};

type Row = Pick<OutboxRow, 'id' | 'cause' | 'hsaId' | 'channel' | 'about'>;

/** What is told by two ids, though it is one cause, addressee and channel; and what nothing in the log is the cause of. */
export const toldUnderTwoIds = (delivered: readonly Notification[], outbox: readonly Row[]): readonly string[] => {
  const ids = [...new Set(delivered.map(({ id }) => id))];
  const rows = new Map(outbox.map((row) => [row.id, row]));
  const seen = new Map<string, string>();
  return ids.filter((id) => {
    const row = rows.get(id);
    if (row === undefined) return true;
    const what = [row.cause, row.hsaId, row.channel, row.about].join();
    const isOther = seen.has(what);
    seen.set(what, id);
    return isOther;
  });
};
