import personnummer from 'personnummer';
import { z } from 'zod';
import type { Day } from './time.ts';

/** A Swedish personal or coordination number in any form that people write; see `readPersonalNumber`. */
const writtenNumber = /^(\d{2})?(\d{2})(\d{2})(\d{2})([-+]?)(\d{4})$/;
/** Digits that stand alone in a text and have the length of a personal number; any dash, plus or space may part them. */
const numberInText = /(?<!\d)(?:\d{8}|\d{6})[\p{Pd}\p{Zs}\u2212+]?\d{4}(?!\d)/gu;
/** Control characters but tab and line feed, and halves of surrogate pairs. */
const unprintable = /[\p{Cc}\p{Cs}]/u;

// The package is CommonJS and exports the class alone; its types promise a `default` that is not there.
const { valid } = personnummer as unknown as typeof personnummer.default;
/** Twelve digits of another century are chance: one random UUID in 32 000 ends in a "number" of the year 199 or 5012. */
const otherCentury = /^(?!1[89]|2[01])\d{8}[-+]?\d{4}$/;
/** Asked first, for the package makes an exception of each text that has another shape. */
const numberShape = /^(?:\d{2})?\d{6}[-+]?\d{4}$/;
const isPersonalNumber = (written: string): boolean =>
  numberShape.test(written) && !otherCentury.test(written) && valid(written);
/** The package would read a short form at the wall clock; here it is tried in both centuries instead. */
const isInAnyCentury = (digits: string): boolean =>
  digits.length === 12 ? isPersonalNumber(digits) : ['19', '20'].some((century) => isPersonalNumber(century + digits));

/** True when a text holds a valid personal or coordination number; such a text may not lie in the skeleton. */
export const containsPersonalNumber = (text: string): boolean =>
  (text.match(numberInText) ?? []).map((found) => found.replace(/\D/u, '')).some(isInAnyCentury);

const withoutPersonalNumber = { message: 'personal-number' };
const notPersonal = (text: string): boolean => !containsPersonalNumber(text);
const printable = (text: string): boolean => !unprintable.test(text.replace(/[\n\t]/g, ''));

/** UUID of a program, handover, conversation, message or command; refused when it begins or ends with a personal number. */
export const Uuid = z
  .uuid()
  .toLowerCase()
  .refine((id) => !isPersonalNumber(id.slice(0, 13)) && !isPersonalNumber(id.slice(-12)), withoutPersonalNumber);
export type Uuid = z.infer<typeof Uuid>;

/** Short machine name of a template, module, section, reason or kind. */
export const Slug = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/)
  .refine(notPersonal, withoutPersonalNumber);
export type Slug = z.infer<typeof Slug>;

/**
 * HSA-id of a unit, care provider or staff member, in the widest form that any policy takes: test environments use ids
 * that do not begin with SE. Whether the strict form is demanded is `isStrictHsaId` and `policy.testIdentifiers`.
 */
export const HsaId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,30}$/)
  // The organization number of a sole trader is a personal number, and the directory has it so; nothing else may hold one.
  .refine((id) => notPersonal(isStrictHsaId(id) ? id.slice(id.indexOf('-') + 1) : id), withoutPersonalNumber);
export type HsaId = z.infer<typeof HsaId>;

/** HSA-id as the national directory writes it: SE, an organization number of 10 or 12 digits, a dash, a suffix. */
export const isStrictHsaId = (id: string): boolean => /^SE(?:16)?\d{10}-[A-Za-z0-9]+$/.test(id);

/** The names of the fields that hold HSA-ids, for the policy's strictness; a test holds it against every schema. */
export const hsaIdFields: ReadonlySet<string> = new Set([
  'careProviderId',
  'clinician',
  'decidedBy',
  'hsaId',
  'reviewedBy',
  'toUnit',
  'unitId',
]);

/** A number of a case or a decision, kept in clear: never a name or a personal number. */
export const Reference = z
  .string()
  .regex(/^[A-Za-z0-9./:-]{1,64}$/)
  .refine(notPersonal, withoutPersonalNumber);
export type Reference = z.infer<typeof Reference>;

/** Code under which a contact is registered in the journal's system, such as AMNSOB (R254, R256). */
export const RegistrationCode = z.string().regex(/^[A-Z0-9]{1,16}$/);

/** Text about no person, such as a unit's name or a module's title: kept in clear in the skeleton. */
export const publicText = (longest: number) =>
  z.string().trim().normalize('NFC').min(1).max(longest).refine(printable).refine(notPersonal, withoutPersonalNumber);

/** Name of an employment assignment in the directory, such as "VoB SJF" (R052). */
export const AssignmentName = publicText(64);

/** Personal text, 1–10 000 characters after trimming: a message, a welcome text. Flesh: never in the skeleton. */
export const PlainText = z
  .string()
  .overwrite((text) => text.replaceAll('\r\n', '\n'))
  .trim()
  .normalize('NFC')
  .min(1)
  .max(10_000)
  .refine(printable);

/** An answer in a form or an activity plan: as `PlainText`, but it may be empty. Flesh. */
export const AnswerText = z
  .string()
  .overwrite((text) => text.replaceAll('\r\n', '\n'))
  .trim()
  .normalize('NFC')
  .max(10_000)
  .refine(printable);

/** Name of a person, in one line. Flesh. */
export const PersonName = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1)
  .max(200)
  .refine((name) => !unprintable.test(name));

/** A personal number as written, before `readPersonalNumber`. */
export const WrittenPersonalNumber = z.string().max(13).regex(writtenNumber);

const century = (yy: number, separator: string, today: Day): number => {
  const thisYear = Number(today.slice(0, 4));
  const youngest = thisYear - ((thisYear - yy + 100) % 100);
  return separator === '+' ? youngest - 100 : youngest;
};

/**
 * Reads a personal number (personnummer) or coordination number (samordningsnummer) as people write it into 12 digits.
 * A short form is read at the given day: a plus sign marks the year in which the person turns 100 and later
 * (Skatteverket). A number with a wrong check digit, an impossible date or a birth after today is not one.
 *
 * @param written e.g. 19121212-1212, 121212+1212, 191212121212
 * @param today the day in Sweden at which short forms are read
 * @returns 12 digits, or undefined
 */
export const readPersonalNumber = (written: string, today: Day): string | undefined => {
  const [, cc, yy, mm, dd, separator = '', last] = writtenNumber.exec(written) ?? [];
  if (yy === undefined || mm === undefined || dd === undefined || last === undefined) return undefined;
  const year = cc === undefined ? String(century(Number(yy), separator, today)) : `${cc}${yy}`;
  const digits = `${year}${mm}${dd}${last}`;
  const birthDay = String(Number(dd) > 60 ? Number(dd) - 60 : Number(dd)).padStart(2, '0');
  return isPersonalNumber(digits) && `${year}-${mm}-${birthDay}` <= today ? digits : undefined;
};
