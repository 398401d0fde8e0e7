import type { CommandInput } from 'folja';

type Fields = Readonly<Record<string, Readonly<Record<string, string>> & string>>;

/** A personal number in each way that people and programs write it. */
const written = (personalNumber: string): readonly string[] => {
  const digits = personalNumber.replace('-', '');
  const short = digits.slice(2);
  return [personalNumber, digits, short, `${short.slice(0, 6)}-${short.slice(6)}`];
};

/** What is personal in each command that holds anything personal. */
const personal: Readonly<Record<string, (data: Fields) => readonly (string | undefined)[]>> = {
  'activate-unit': ({ administrator }) => [administrator?.['name']],
  'register-staff': ({ staff }) => [staff?.['name']],
  'start-program': ({ resident }) => [resident?.['name'], ...written(resident?.['personalNumber'] ?? '')],
  'change-welcome-text': ({ text }) => [text],
  'start-conversation': ({ subject, body }) => [subject, body],
  reply: ({ body }) => [body],
};

/** Every text of a command that may never lie in clear in a file. */
export const personalTextsIn = ({ type, data }: CommandInput): readonly string[] =>
  (personal[type]?.(data as Fields) ?? []).filter((text) => text !== undefined);
