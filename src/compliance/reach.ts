import { foldProgram, streamsOf } from './checks/fold.ts';
import { duringHandover } from './checks/pairs.ts';
import { minorLines } from './checks/versions.ts';
import type { Event } from './shown.ts';
import { codeOf, outcomeOf, type Told, type Trace } from './trace.ts';

/** How often runs came to what the invariants are about, by name: a property that never reaches its case proves nothing. */
export type Reach = Readonly<Record<string, number>>;

/** The reach of several runs together. */
export const sumOf = (reaches: readonly Reach[]): Reach => {
  const sum: Record<string, number> = {};
  for (const reach of reaches) for (const [name, count] of Object.entries(reach)) sum[name] = (sum[name] ?? 0) + count;
  return Object.fromEntries(Object.entries(sum).sort(([one], [other]) => (one < other ? -1 : 1)));
};

const tally = (names: readonly string[]): Reach => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

const isStep = ({ phase, call }: Told): boolean => phase === 'step' && call.kind === 'command';

const typeOf = ({ call }: Told): string => (call.kind === 'command' ? call.command.type : call.query.view);

/** Starts after another program of the same resident and template had ended on the unit. */
const restartsIn = ({ events, owners }: Trace): number => {
  const programs = [...streamsOf(events, 'program').values()];
  const keyOf = (own: readonly Event[]): string => {
    const [first] = own;
    return [
      owners.get(first?.stream.slice('program-'.length) ?? ''),
      first?.data.templateId,
      first?.data.unitId,
    ].join();
  };
  return programs.filter((own) =>
    programs.some(
      (other) =>
        keyOf(other) === keyOf(own) &&
        foldProgram(other.filter(({ position }) => position < (own[0]?.position ?? 0)))?.status !== 'ongoing' &&
        (other[0]?.position ?? 0) < (own[0]?.position ?? 0),
    ),
  ).length;
};

const isAllowed = (told: Told): boolean => ['changed', 'unchanged'].includes(outcomeOf(told));

const formsIn = (trace: Trace) => {
  const pictures = Object.values(trace.looks.at(-1)?.programs ?? {});
  return pictures.flatMap(({ forms = {} }) =>
    Object.values(forms).map(({ resident }) =>
      'right' in resident ? (resident.right as { state: string }).state : '',
    ),
  );
};

const occasionsIn = (trace: Trace): readonly string[] =>
  Object.values(trace.looks.at(-1)?.programs ?? {}).flatMap(({ activities }) =>
    activities !== undefined && 'right' in activities
      ? (activities.right as { rows: readonly { state: string }[] }).rows.map(({ state }) => state)
      : [],
  );

/** When the clocks are put forward. */
const springs = '2026-03-29T01:00:00.000Z';

const reachOfContent = (trace: Trace): Reach => {
  const forms = formsIn(trace);
  const occasions = occasionsIn(trace);
  const count = (list: readonly string[], what: string): number => list.filter((one) => one === what).length;
  const steps = trace.told.filter(isStep);
  const { intended, delivered } = trace.notified;
  return {
    'forms unread at the end': count(forms, 'unread'),
    'forms opened at the end': count(forms, 'opened'),
    'occasions missed at the end': count(occasions, 'missed'),
    'occasions filled in at the end': count(occasions, 'registered'),
    'programs that got a minor version': trace.watches.flatMap((watch) => minorLines(trace, watch)).length,
    'runs without a relative': trace.apart.length,
    'purges with statistics': trace.counts.length,
    'notifications of staff': intended.filter(({ hsaId }) => hsaId !== null).length,
    'notifications of residents': intended.filter(({ hsaId }) => hsaId === null).length,
    'deliveries to staff': delivered.filter(({ to }) => to.kind === 'staff').length,
    'rebuilds that were compared': trace.tables.rebuilt.size > 0 ? 1 : 0,
    'runs through the change to summer time':
      steps.some(({ at }) => at < springs) && steps.some(({ at }) => at > springs) ? 1 : 0,
  };
};

/** Counts what a run came to. */
export const reachOf = (trace: Trace): Reach => {
  const { events, told } = trace;
  const steps = told.filter(isStep);
  const of = (type: string, holds: (event: Event) => boolean = () => true): number =>
    events.filter((event) => event.type === type && holds(event)).length;
  const accepted = steps.filter((one) => outcomeOf(one) === 'changed').map((one) => `accepted ${typeOf(one)}`);
  const refused = steps.filter((one) => outcomeOf(one) === 'refused').map((one) => `refused ${codeOf(one)}`);
  return {
    runs: 1,
    calls: told.length,
    starts: of('started'),
    restarts: restartsIn(trace),
    approvals: of('handover-approved'),
    denials: of('handover-denied'),
    withdrawals: of('handover-withdrawn'),
    'ends with maintenance': of('ended', ({ data }) => data.readableUntil !== undefined),
    'ends without maintenance': of('ended', ({ data }) => data.readableUntil === undefined),
    purges: of('purged'),
    refusals: refused.length,
    repeats: steps.filter((one) => outcomeOf(one) === 'repeated').length,
    'messages of residents': of('message-sent', ({ data }) => data.from === 'resident'),
    'acts of residents while a handover was pending': duringHandover(trace).filter(({ told: one }) => isAllowed(one))
      .length,
    'new clinicians': of('clinician-changed'),
    ...reachOfContent(trace),
    'times the clock went back': told.filter(({ at }, index) => at < (told[index - 1]?.at ?? '')).length,
    ...tally([...accepted, ...refused]),
  };
};
