import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mention, mentionsIn } from './comments.ts';
import type { Place } from './ids.ts';
import { dutiesIn, type Excuse, type Requirement, requirementsIn, sourcesOf } from './requirements.ts';
import { type Titled, titlesIn } from './titles.ts';

const personOrHost = 'person or host';

type Status = 'traced' | typeof personOrHost | 'UNTRACED: no code' | 'UNTRACED: no test' | 'UNTRACED: no code, no test';

/** A requirement with where it is served and which tests show it. */
export type Traced = Requirement & {
  readonly code: readonly Place[];
  readonly tests: readonly Place[];
  readonly status: Status;
};

/** What is wrong apart from rows without code or tests; empty when nothing is. */
export type Trace = { readonly rows: readonly Traced[]; readonly problems: readonly string[] };

/** What is read of a project. */
type Project = {
  readonly requirements: readonly Requirement[];
  readonly duties: { readonly ids: readonly string[]; readonly excuses: readonly Excuse[] };
  readonly mentions: readonly Mention[];
  readonly titles: readonly Titled[];
};

const read = (root: string): Project => {
  const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
  const each = <Found>(pattern: string, find: (file: string, text: string) => readonly Found[]): readonly Found[] =>
    globSync(pattern, { cwd: root })
      .toSorted()
      .flatMap((file) => find(file, textOf(file)));
  return {
    requirements: requirementsIn(textOf('docs/requirements.md')),
    duties: dutiesIn(textOf('docs/duties.md')),
    mentions: each('src/**/*.ts', mentionsIn),
    titles: each('test/**/*.ts', titlesIn),
  };
};

const statusOf = (code: readonly Place[], tests: readonly Place[], excused: boolean): Status => {
  if (code.length > 0 && tests.length > 0) return 'traced';
  if (excused) return personOrHost;
  if (code.length > 0) return 'UNTRACED: no test';
  return tests.length > 0 ? 'UNTRACED: no code' : 'UNTRACED: no code, no test';
};

const group = <Found extends Place>(
  found: readonly Found[],
  idsOf: (one: Found) => readonly string[],
): ReadonlyMap<string, readonly Place[]> => {
  const places = new Map<string, Place[]>();
  for (const one of found)
    for (const id of idsOf(one)) places.set(id, [...(places.get(id) ?? []), { file: one.file, line: one.line }]);
  return places;
};

/** An invariant is upheld where its rules are served: where no code names it, theirs is its own. */
const rowsOf = ({ requirements, duties, mentions, titles }: Project): readonly Traced[] => {
  const code = group(mentions, ({ id }) => [id]);
  const tests = group(titles, ({ ids }) => ids);
  const excused = new Set(duties.excuses.filter(({ why }) => why !== '').map(({ id }) => id));
  return requirements.map((row) => {
    const own = code.get(row.id) ?? sourcesOf(row).flatMap((id) => code.get(id) ?? []);
    const shown = tests.get(row.id) ?? [];
    return { ...row, code: own, tests: shown, status: statusOf(own, shown, excused.has(row.id)) };
  });
};

const at = ({ file, line }: Place): string => `${file}:${line}`;

const problemsOf = (
  { requirements, duties, mentions, titles }: Project,
  rows: readonly Traced[],
): readonly string[] => {
  const known = new Set(requirements.map(({ id }) => id));
  const traced = new Set(rows.filter(({ status }) => status === 'traced').map(({ id }) => id));
  const named = [...mentions, ...titles.flatMap(({ ids, ...place }) => ids.map((id) => ({ id, ...place })))];
  return [
    ...requirements
      .map(({ id }) => id)
      .filter((id, index, ids) => ids.indexOf(id) !== index)
      .map((id) => `docs/requirements.md has ${id} twice`),
    ...named.filter(({ id }) => !known.has(id)).map(({ id, ...place }) => `${at(place)} names ${id}, which is no row`),
    ...duties.ids.filter((id) => !known.has(id)).map((id) => `docs/duties.md names ${id}, which is no row`),
    ...duties.excuses.filter(({ why }) => why === '').map(({ id }) => `docs/duties.md does not say why of ${id}`),
    ...duties.excuses
      .filter(({ id }) => traced.has(id))
      .map(({ id }) => `docs/duties.md excuses ${id}, which has code and tests`),
  ];
};

/** Traces every requirement of the project in a folder to its code and its tests. */
export const traceOf = (root: string): Trace => {
  const project = read(root);
  const rows = rowsOf(project);
  return { rows, problems: problemsOf(project, rows) };
};

export const isUntraced = ({ status }: Traced): boolean => status.startsWith('UNTRACED');
