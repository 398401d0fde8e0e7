const minute = 60_000;
const inSweden = new Intl.DateTimeFormat('en-GB', {
  ...{ timeZone: 'Europe/Stockholm', day: 'numeric', month: 'long', year: 'numeric' },
  ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
});

/** An instant as clocks in Sweden show it. */
export const momentOf = (at: string): string => {
  const parts = new Map(inSweden.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return `${part('day')} ${part('month')} ${part('year')} ${part('hour')}:${part('minute')}`;
};

/** A number of things, such as `1 day` and `2 days`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** A length of time in its two largest units. */
const lengthOf = (time: number): string => {
  const minutes = Math.round(time / minute);
  const parts = [
    [Math.floor(minutes / 1440), 'day'],
    [Math.floor((minutes % 1440) / 60), 'hour'],
    [minutes % 60, 'minute'],
  ] as const;
  const [first = 'less than a minute', second] = parts.flatMap(([count, what]) =>
    count === 0 ? [] : [counted(count, what)],
  );
  return second === undefined ? first : `${first} and ${second}`;
};

/** How the clock moved through some instants: forward, and back. */
export const movedThrough = (instants: readonly string[]): string => {
  const times = instants.map((at) => Date.parse(at));
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const sum = (list: readonly number[]): number => list.reduce((whole, one) => whole + one, 0);
  const [later, back] = [sum(steps.filter((step) => step > 0)), -sum(steps.filter((step) => step < 0))];
  const forward = later > 0 ? `${lengthOf(later)} later` : '';
  const backward = back > 0 ? `the clock is set back ${lengthOf(back)}` : '';
  return [forward, backward].filter((one) => one !== '').join(', then ') || 'at once';
};
