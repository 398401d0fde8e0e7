// Swedish people write dates the ISO way: 2026-03-09 09:05.
const format = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Stockholm',
  dateStyle: 'short',
  timeStyle: 'short',
});

/** An instant as a clock on the wall in Sweden shows it. */
export const dayAndTime = (instant: string): string => format.format(new Date(instant));
