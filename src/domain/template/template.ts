import * as E from 'fp-ts/lib/Either.js';
import type { Decider, Decision, Happened, RefusalCode } from '../decider.ts';
import { refused } from '../decider.ts';
import type { Policy } from '../policy.ts';
import type { TemplateCommand } from './commands.ts';
import { structureOf, type TemplateContent } from './content.ts';
import type { TemplateEvent } from './events.ts';

/** One published version. */
export type TemplateVersion = { readonly major: number; readonly minor: number; readonly content: TemplateContent };
type Review = Omit<Extract<TemplateEvent, { type: 'template-reviewed' }>['data'], never>;

/** A template: its published versions, oldest first. */
export type Template = { readonly versions: readonly TemplateVersion[]; readonly reviews: readonly Review[] };

type DataOf<Type extends TemplateCommand['type']> = Extract<TemplateCommand, { type: Type }>['data'];
type Decided = Decision<TemplateEvent>;

const evolve = (template: Template, event: Happened<TemplateEvent>): Template => {
  switch (event.type) {
    case 'template-published':
      return { ...template, versions: [...template.versions, event.data] };
    case 'template-reviewed':
      return { ...template, reviews: [...template.reviews, event.data] };
  }
};

const newest = (versions: readonly TemplateVersion[]): TemplateVersion | undefined =>
  versions.reduce<TemplateVersion | undefined>(
    (best, version) =>
      best === undefined || version.major > best.major || (version.major === best.major && version.minor > best.minor)
        ? version
        : best,
    undefined,
  );

/** The newest version of a template, or of one of its major lines (R263–R265, R269). */
export const latestVersion = (template: Template, major?: number): TemplateVersion | undefined =>
  newest(major === undefined ? template.versions : template.versions.filter((version) => version.major === major));

const no = (code: RefusalCode): Decided => E.left(refused(code));
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const published = (data: DataOf<'publish-template'>, major: number, minor: number): Decided =>
  E.right([
    {
      type: 'template-published',
      data: {
        major,
        minor,
        content: data.content,
        ...(data.reviewedBy === undefined ? {} : { reviewedBy: data.reviewedBy }),
      },
    },
  ]);

const publishMajor = (data: DataOf<'publish-template'>, template: Template, policy: Policy): Decided => {
  const latest = latestVersion(template);
  if (same(latest?.content, data.content)) return E.right([]);
  if (policy.reviewBeforeMajor && data.reviewedBy === undefined) return no('review-missing');
  return published(data, (latest?.major ?? 0) + 1, 0);
};

const publishMinor = (data: DataOf<'publish-template'>, template: Template): Decided => {
  const latest = latestVersion(template, data.major);
  if (latest === undefined) return no('unknown-template');
  if (same(latest.content, data.content)) return E.right([]);
  return same(structureOf(latest.content), structureOf(data.content))
    ? published(data, latest.major, latest.minor + 1)
    : no('structure-changed');
};

const review = (data: DataOf<'review-template'>, template: Template): Decided => {
  const [major = 0, minor = 0] = data.version.split('.').map(Number);
  if (!template.versions.some((version) => version.major === major && version.minor === minor)) {
    return no('unknown-template');
  }
  const reviewed = { major, minor, outcome: data.outcome, nextReview: data.nextReview };
  return same(template.reviews.at(-1), reviewed)
    ? E.right([])
    : E.right([{ type: 'template-reviewed', data: reviewed }]);
};

/**
 * A template: the content of a program in versions (R262–R270).
 *
 *     1.0 ──minor: texts only──▶ 1.1   reaches running programs
 *      └────major──────────────▶ 2.0   for programs started from now on
 */
export const template: Decider<Template, TemplateCommand, TemplateEvent, undefined> = {
  initial: { versions: [], reviews: [] },
  evolve,
  decide: (command, state, { policy }) => {
    switch (command.type) {
      case 'publish-template':
        return command.data.change === 'major'
          ? publishMajor(command.data, state, policy)
          : publishMinor(command.data, state);
      case 'review-template':
        return review(command.data, state);
    }
  },
};
