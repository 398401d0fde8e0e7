import assert from 'node:assert/strict';
import type { TemplateContent } from '../../domain/template/content.ts';
import type { Event } from '../shown.ts';

type Published = {
  readonly position: number;
  readonly major: number;
  readonly minor: number;
  readonly content: TemplateContent;
};

/** Each list of events is looked through for the same publications by many checks. */
const published = new WeakMap<readonly Event[], Map<string, readonly Published[]>>();

const publishedIn = (events: readonly Event[], templateId: string): readonly Published[] =>
  events
    .filter(({ stream, type }) => stream === `template-${templateId}` && type === 'template-published')
    .map(({ position, data }) => ({
      ...{ position, major: data.major ?? 0, minor: data.minor ?? 0 },
      content: data.content as unknown as TemplateContent,
    }))
    .sort((one, other) => one.major - other.major || one.minor - other.minor);

const versionsOf = (events: readonly Event[], templateId: string): readonly Published[] => {
  const known = published.get(events) ?? new Map<string, readonly Published[]>();
  published.set(events, known);
  const found = known.get(templateId) ?? publishedIn(events, templateId);
  known.set(templateId, found);
  return found;
};

/** The content of a template, or of one of its lines, as it was before a position. */
export const contentBefore = (
  events: readonly Event[],
  templateId: string,
  position: number,
  major?: number,
): TemplateContent => {
  const version = versionsOf(events, templateId).findLast(
    (one) => one.position < position && (major === undefined || one.major === major),
  );
  assert.ok(version !== undefined, `${templateId} has no version`);
  return version.content;
};

/** The content of a program's line: its structure is the same in every minor version (D22). */
export const contentOf = (
  events: readonly Event[],
  { templateId, major }: { readonly templateId: string; readonly major: number },
): TemplateContent => contentBefore(events, templateId, Number.POSITIVE_INFINITY, major);
