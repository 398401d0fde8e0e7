import { foldProgram, streamsOf } from './checks/fold.ts';
import { duringHandover } from './checks/pairs.ts';
import { type Event, outcomeOf, type Told, type Trace } from './trace.ts';

/** How often the runs came to what the invariants are about: a property that never reaches its case proves nothing. */
export type Reach = {
  readonly starts: number;
  readonly restarts: number;
  readonly approvals: number;
  readonly denials: number;
  readonly withdrawals: number;
  readonly endsWithMaintenance: number;
  readonly endsWithout: number;
  readonly purges: number;
  readonly refusals: number;
  readonly repeats: number;
  readonly residentMessages: number;
  readonly duringHandover: number;
  readonly clinicianChanges: number;
  readonly clockBack: number;
  /** Commands that changed something, by type. */
  readonly accepted: Readonly<Record<string, number>>;
  /** Refusals, by code. */
  readonly codes: Readonly<Record<string, number>>;
};

const tally = (names: readonly string[]): Readonly<Record<string, number>> => {
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

/** Counts what the runs came to. */
export const reachOf = (traces: readonly Trace[]): Reach => {
  const events = traces.flatMap((trace) => trace.events);
  const steps = traces.flatMap(({ told }) => told.filter(isStep));
  const of = (type: string, holds: (event: Event) => boolean = () => true): number =>
    events.filter((event) => event.type === type && holds(event)).length;
  const refusals = steps.flatMap(({ said }) =>
    'left' in said && said.left.kind === 'refused' ? [said.left.code] : [],
  );
  const back = traces.flatMap(({ told }) => told.filter(({ at }, index) => at < (told[index - 1]?.at ?? '')));
  return {
    starts: of('started'),
    restarts: traces.reduce((sum, trace) => sum + restartsIn(trace), 0),
    approvals: of('handover-approved'),
    denials: of('handover-denied'),
    withdrawals: of('handover-withdrawn'),
    endsWithMaintenance: of('ended', ({ data }) => data.readableUntil !== undefined),
    endsWithout: of('ended', ({ data }) => data.readableUntil === undefined),
    purges: of('purged'),
    refusals: refusals.length,
    repeats: of('repeated'),
    residentMessages: of('message-sent', ({ data }) => data.from === 'resident'),
    duringHandover: traces.flatMap(duringHandover).filter(({ told }) => outcomeOf(told) === 'changed').length,
    clinicianChanges: of('clinician-changed'),
    clockBack: back.length,
    accepted: tally(steps.filter((told) => outcomeOf(told) === 'changed').map(typeOf)),
    codes: tally(refusals),
  };
};
