import assert from 'node:assert/strict';
import type { Event, Picture } from '../shown.ts';
import { outcomeOf, receiptOf, type Trace, type Watch } from '../trace.ts';
import { programsAt } from './fold.ts';
import { eachSeen, type Looked, shown } from './looks.ts';
import { pictured } from './pairs.ts';

/** The newest minor version of a major line before a position. */
const newestIn = (events: readonly Event[], templateId: string, major: number, position: number): number =>
  events
    .filter(({ stream, type }) => stream === `template-${templateId}` && type === 'template-published')
    .filter((event) => event.position <= position && event.data.major === major)
    .reduce((newest, { data }) => Math.max(newest, data.minor ?? 0), 0);

const contentOf = (picture: Picture | undefined): unknown => {
  const staff = shown(picture?.staff) as { readonly version?: string; readonly modules?: unknown } | undefined;
  const resident = shown(picture?.resident) as { readonly modules?: unknown } | undefined;
  return JSON.stringify([staff?.version, staff?.modules, resident?.modules]);
};

const all = { staff: [], resident: [] };

const publicationIn = (events: readonly Event[], { told }: Watch): Event | undefined =>
  events.find(({ cause, type }) => type === 'template-published' && cause.commandId === receiptOf(told)?.commandId);

/** The programs that were looked at before and after a publication, each with whether it is of the line that got a minor version. */
const lookedAt = ({ events }: Pick<Trace, 'events'>, watch: Watch) => {
  const published = outcomeOf(watch.told) === 'changed' ? publicationIn(events, watch) : undefined;
  if (published === undefined) return [];
  const programs = programsAt(events, watch.told.after);
  return Object.keys(watch.before).flatMap((programId) => {
    const [program, one, other] = [programs.get(programId), watch.before[programId], watch.after[programId]];
    if (program === undefined || one === undefined || other === undefined) return [];
    const { templateId, major, status } = program;
    const isOfLine = published.stream === `template-${templateId}` && published.data.major === major;
    return [{ programId, status, isOfLine, before: one, after: other }];
  });
};

/** Whether anybody was shown a module, whose title says which version it is. */
const showsModules = ({ staff, resident }: Picture): boolean =>
  [staff, resident].some((said) => (shown(said)?.modules ?? []).length > 0);

/** The ongoing programs of a line that were seen to get its minor version. */
export const minorLines = (trace: Pick<Trace, 'events'>, watch: Watch): readonly string[] =>
  lookedAt(trace, watch)
    .filter(({ isOfLine, status, before }) => isOfLine && status === 'ongoing' && showsModules(before))
    .map(({ programId }) => programId);

/** What a publication changed among the programs that were looked at: those of its line if it was a minor one, and none else. */
const requireExactly = (trace: Pick<Trace, 'events'>, watch: Watch): void => {
  const updated = minorLines(trace, watch);
  for (const { programId, status, isOfLine, before, after } of lookedAt(trace, watch)) {
    // What has ended stays in the version in which it ended.
    if (!isOfLine || status !== 'ongoing') {
      assert.deepEqual(
        pictured(after, all),
        pictured(before, all),
        `${programId} is ${status}, and perhaps of another line`,
      );
    }
    if (updated.includes(programId)) assert.notEqual(contentOf(after), contentOf(before), `${programId} stays behind`);
  }
};

const endOf = (events: readonly Event[], programId: string): number | undefined =>
  events.find(({ stream, type }) => stream === `program-${programId}` && type === 'ended')?.position;

/** I24: a minor version changes the ongoing programs of its major line and no others, a major version changes none. */
export const checkI24 = (trace: Looked & Pick<Trace, 'watches'>): void => {
  for (const watch of trace.watches) requireExactly(trace, watch);
  eachSeen(trace, ({ look, program, staff }) => {
    if (staff === undefined) return;
    const until = endOf(trace.events, program.id) ?? look.position;
    const minor = newestIn(trace.events, program.templateId, program.major, Math.min(until, look.position));
    assert.equal(staff.version, `${program.major}.${minor}`, program.id);
  });
};

const rowsOf = (said: Trace['counts'][number]['before']): unknown =>
  (shown(said) as { readonly rows?: unknown } | undefined)?.rows;

/** I27: the statistics say the same right before and right after a purge. */
export const checkI27 = ({ counts }: Pick<Trace, 'counts'>): void => {
  for (const { before, after } of counts) {
    assert.ok(rowsOf(before) !== undefined, 'the statistics do not answer');
    assert.deepEqual(rowsOf(after), rowsOf(before));
  }
};
