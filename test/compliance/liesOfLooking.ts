import { type Lie, lastLook, one, type Spoiled } from './spoiling.ts';

type Asked = Extract<Spoiled['told'][number]['call'], { kind: 'view' }>;

/** A question about one program that was answered. */
const answered = (trace: Spoiled, view: string): Asked =>
  one(
    trace.told.flatMap(({ call, said }) =>
      call.kind === 'view' && call.query.view === view && 'right' in said ? [call as Asked] : [],
    )[0],
  );

type Flags = { flags?: { type: string; flagId: string }[]; status?: string };

/** A program that goes on, as staff was shown it at the end. */
const shownTo = (trace: Spoiled, holds: (shown: Flags) => boolean): Flags =>
  one(
    Object.values(lastLook(trace).programs)
      .flatMap(({ staff }) => ('right' in staff ? [staff.right as Flags] : []))
      .find((shown) => shown.status === 'ongoing' && shown.flags !== undefined && holds(shown)),
  );

/** Lies about who was shown what, and what waits for an answer. */
export const aboutLooking: readonly Lie[] = [
  [
    'strangers',
    'a program that staff of another unit was shown',
    (trace) => Object.assign(answered(trace, 'program').actor, { unitId: 'SE2321000131-NOBODY' }),
  ],
  [
    'strangers',
    'a program that another resident was shown',
    (trace) => Object.assign(answered(trace, 'my-program').actor, { personalNumber: '190001019801' }),
  ],
  [
    'strangers',
    'a timeline that a resident was shown',
    (trace) => Object.assign(answered(trace, 'my-program').query, { view: 'timeline' }),
  ],
  [
    'flags',
    'a flag that stays',
    (trace) => shownTo(trace, () => true).flags?.push({ type: 'message', flagId: 'another' }),
  ],
  [
    'flags',
    'a flag that is not there',
    (trace) => {
      const { flags = [] } = shownTo(trace, (shown) => shown.flags?.some(({ type }) => type === 'message') === true);
      flags.splice(
        flags.findIndex(({ type }) => type === 'message'),
        1,
      );
    },
  ],
];
