import type { CommandInput } from 'folja';

/** A personal number in each way that people and programs write it. */
const written = (personalNumber: string): readonly string[] => {
  const digits = personalNumber.replace('-', '');
  const short = digits.slice(2);
  return [personalNumber, digits, short, `${short.slice(0, 6)}-${short.slice(6)}`];
};

type Named = { readonly name: string };
type Data = {
  readonly administrator: Named;
  readonly staff: Named;
  readonly resident: Named & { readonly personalNumber: string };
  readonly text: string;
  readonly subject: string;
  readonly body: string;
  readonly elements: readonly { readonly title: string }[];
  /** By question in a form; in the order of its elements in an activity plan. */
  readonly answers: Readonly<Record<string, string>> | readonly string[];
};

const answered = ({ answers }: Data): readonly string[] => Object.values(answers);

/** What is personal in each command that holds anything personal. */
const personal: Readonly<Record<string, (data: Data) => readonly string[]>> = {
  'activate-unit': ({ administrator }) => [administrator.name],
  'register-staff': ({ staff }) => [staff.name],
  'start-program': ({ resident }) => [resident.name, ...written(resident.personalNumber)],
  'change-welcome-text': ({ text }) => [text],
  'start-conversation': ({ subject, body }) => [subject, body],
  reply: ({ body }) => [body],
  'save-form': answered,
  'submit-form': answered,
  comment: ({ text }) => [text],
  'create-activity-plan': ({ elements }) => elements.map(({ title }) => title),
  'register-activity': answered,
  'announce-absence': ({ text }) => [text],
};

/** Every text of a command that may never lie in clear in a file. */
export const personalTextsIn = ({ type, data }: CommandInput): readonly string[] =>
  personal[type]?.(data as Data) ?? [];
