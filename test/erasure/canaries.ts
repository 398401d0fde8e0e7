import { createHash } from 'node:crypto';
import { testNumber } from '../domain/personalNumbers.ts';
import { lifeBeforePurge, plainTexts, type Step, type Texts } from '../library/life.ts';
import { at, factsAt, maternity } from '../library/people.ts';

/** A text that occurs nowhere else in the world, and the personal field of which step it stands in. */
export type Canary = { readonly field: string; readonly text: string };

const vowels = 'aeiouyåäö';
const consonants = 'bdfghjklmnprstv';
const syllables = 5;

/** A word that no language has: the same for the same seed and name. */
const wordFor = (seed: number, name: string): string => {
  const chance = createHash('sha256').update(`${seed} ${name}`).digest();
  const letter = (letters: string, at: number): string => letters[(chance[at] ?? 0) % letters.length] as string;
  return Array.from(
    { length: syllables },
    (_, index) => letter(consonants, 2 * index) + letter(vowels, 2 * index + 1),
  ).join('');
};

/** Two words, with each of å, ä and ö, so that every way of writing them differs. */
const textFor = (seed: number, name: string): string =>
  `${capital(`${wordFor(seed, `${name} first`)}åä`)} ${capital(`${wordFor(seed, `${name} second`)}ö`)}`;
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const birthDayFor = (seed: number): string => {
  const [years = 0, months = 0, days = 0] = createHash('sha256').update(`${seed} birth`).digest();
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${1930 + (years % 70)}-${two(1 + (months % 12))}-${two(1 + (days % 28))}`;
};

/** A number as people write it, and the day of birth in it. */
const writtenForms = (number: string): readonly string[] => {
  const [date, last] = [number.slice(0, 8), number.slice(8)];
  const short = date.slice(2);
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  return [number, `${date}-${last}`, `${date}+${last}`, `${short}-${last}`, `${short}+${last}`, short + last, day];
};

const { person: _, ...personalTexts } = plainTexts;
const marked = (name: string): string => `<<${name}>>`;
const anyMark = /<<\w+>>/g;

/** The data of a step with a canary for each mark in it; each that was set is told. */
const filled = (value: unknown, path: string, set: (field: string) => string): unknown => {
  if (typeof value === 'string') return value.replace(anyMark, () => set(path));
  if (Array.isArray(value)) return value.map((one) => filled(one, path, set));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, filled(one, path === '' ? name : `${path}.${name}`, set)]),
  );
};

/** A step whose name of a staff member differs from the one before it, so that the event `staff-changed` is there too. */
const renaming: Step = {
  type: 'register-staff',
  data: { unitId: maternity.unitId, staff: { ...factsAt(maternity, 'b2'), name: marked('staffName') } },
  actor: at(maternity, 'ba'),
  id: '0195d3a0-0000-7000-8000-000000008001',
};

/** A life before its purge in which each personal field is a canary of its own, and all of its canaries. */
export type CanaryLife = {
  readonly person: { readonly personalNumber: string; readonly name: string };
  readonly steps: readonly Step[];
  readonly canaries: readonly Canary[];
};

/** The life of a seed: the same in every process. */
export const canaryLife = (seed: number): CanaryLife => {
  const person = { personalNumber: testNumber(birthDayFor(seed), 987), name: textFor(seed, 'the resident') };
  const marks = Object.fromEntries(Object.keys(personalTexts).map((name) => [name, marked(name)]));
  const life = lifeBeforePurge({ ...(marks as Omit<Texts, 'person'>), person });
  const canaries: Canary[] = [
    ...writtenForms(person.personalNumber).map((text) => ({ field: 'start-program resident.personalNumber', text })),
    { field: 'start-program resident.name', text: person.name },
  ];
  const steps = [...life.slice(0, -1), renaming, ...life.slice(-1)].map((step, index) => {
    const data = filled(step.data, '', (path) => {
      const text = textFor(seed, `${index} ${path}`);
      canaries.push({ field: `${step.type} ${path}`, text });
      return text;
    });
    return { ...step, data: data as object };
  });
  return { person, steps, canaries };
};
