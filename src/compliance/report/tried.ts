import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import canonicalize from 'canonicalize';
import { __version as fastCheck } from 'fast-check';
import type { Template } from '../setting.ts';

/** What a report is about: what was tried, and all that it takes to try the same again. */
export type Tried = {
  /** The version of the library. */
  readonly folja: string;
  /** The version of fast-check: another one makes other runs of a seed. */
  readonly fastCheck: string;
  readonly node: string;
  /** The id of the policy under which the host opens the library. */
  readonly policy: string;
  readonly templates: readonly {
    readonly templateId: string;
    readonly title: string;
    /** SHA-256 of the content as canonical JSON: two with the same are the same. */
    readonly digest: string;
  }[];
  readonly seed: number;
  /** Where the runs began, where not with the first. */
  readonly path?: string;
  readonly runs: number;
  /** How many steps a run had at most. */
  readonly steps: number;
  /** Commands and questions of all runs together. */
  readonly calls: number;
};

const manifest: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));

const digestOf = (content: object): string =>
  createHash('sha256')
    .update(canonicalize(content) ?? '')
    .digest('hex');

type Known = Pick<Tried, 'policy' | 'seed' | 'runs' | 'steps' | 'calls'> & {
  readonly templates: readonly Template[];
  readonly path: string | undefined;
};

/** What was tried, of which library. */
export const triedWith = ({ templates, path, ...known }: Known): Tried => ({
  folja: (manifest as { readonly version: string }).version,
  ...{ fastCheck, node: process.versions.node },
  ...known,
  ...(path === undefined ? {} : { path }),
  templates: templates.map(({ templateId, content }) => ({
    ...{ templateId, title: content.title, digest: digestOf(content) },
  })),
});
