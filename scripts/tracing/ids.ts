/** Where something stands in the project. */
export type Place = { readonly file: string; readonly line: number };

/** The number of a rule (R122) or an invariant (I25), or a range of them (R104–R108). */
const numbers = /\b(R\d{3}|I\d{2})(?:[–-](R\d{3}|I\d{2}))?(?!\d)/g;

/** A wider range says what a file is about, such as R009–R066, and names none of its rows. */
const widestRange = 10;

const between = (first: string, last: string): readonly string[] => {
  const letter = first.slice(0, 1);
  const [from, to] = [Number(first.slice(1)), Number(last.slice(1))];
  const count = to - from + 1;
  if (!last.startsWith(letter) || count < 1) return [first, last];
  if (count > widestRange) return [];
  return Array.from({ length: count }, (_, index) => letter + String(from + index).padStart(first.length - 1, '0'));
};

/** The ids that a text names, with their offsets in it. */
export const idsIn = (text: string): readonly { readonly id: string; readonly offset: number }[] =>
  [...text.matchAll(numbers)].flatMap(({ 1: first = '', 2: last, index: offset }) =>
    (last === undefined ? [first] : between(first, last)).map((id) => ({ id, offset })),
  );

/** The numbers at the beginning of a title, of whatever letter: `P3 I15 R205 settle a handover once`. */
const leading = /^(?:[A-Z]\d{1,3}(?:[–-][A-Z]\d{1,3})?(?:\s|$))+/;

/** The ids that a title begins with. */
export const idsLeading = (title: string): readonly string[] =>
  idsIn(leading.exec(title)?.[0] ?? '').map(({ id }) => id);
