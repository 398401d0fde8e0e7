import { event, type Lie, lastLook, one, type Spoiled } from './spoiling.ts';

type Flags = { readonly flags?: { type: string; severity: string }[] };

/** A flag that somebody's doing raised, as the look at the end showed it to staff. */
const shownFlag = (trace: Spoiled) =>
  one(
    Object.values(lastLook(trace).programs)
      .flatMap(({ staff }) => ('right' in staff ? ((staff.right as Flags).flags ?? []) : []))
      .find(({ type }) => type !== 'manual'),
  );

/** What is not as the region's policy and the program's template have it. */
export const aboutPolicy: readonly Lie[] = [
  [
    'policy',
    'a flag that is more severe than the region says, or less',
    (trace) => {
      const flag = shownFlag(trace);
      flag.severity = flag.severity === 'action' ? 'info' : 'action';
    },
  ],
  [
    'policy',
    'an end that is readable for longer than the region lets it be',
    (trace) =>
      Object.assign(event(trace, ({ type, data }) => type === 'ended' && data.readableUntil !== undefined).data, {
        readableUntil: '2099-01-01',
      }),
  ],
  [
    'policy',
    'a notice to the inbox that neither staff nor template asked for',
    (trace) => {
      const { data } = event(trace, (found) => found.type === 'message-sent' && found.data.from === 'staff');
      const message = data as { notifyInbox?: boolean };
      message.notifyInbox = message.notifyInbox !== true;
    },
  ],
];
