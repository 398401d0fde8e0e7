import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { Happened } from '../../src/domain/decider.ts';
import type { TemplateCommand } from '../../src/domain/template/commands.ts';
import { structureOf, type TemplateContent } from '../../src/domain/template/content.ts';
import { type TemplateEvent, templateEvents } from '../../src/domain/template/events.ts';
import { latestVersion, type Template, template } from '../../src/domain/template/template.ts';
import { tobakshjalpen } from '../../src/templates/tobakshjalpen.ts';
import { expectSameInTwoParts, expectStorable } from './folding.ts';
import { usual } from './people.ts';
import { officer, restructured, reworded, templateId } from './templates.ts';

const runs = { numRuns: 300 };
const by = { kind: 'platform' as const, hsaId: officer, office: 'production-office' as const };

const contents = fc.constantFrom<TemplateContent[]>(tobakshjalpen, reworded(), reworded('Hej!'), restructured(), {
  ...restructured(),
  welcomeText: 'Hej!',
});
const anyCommand: fc.Arbitrary<TemplateCommand> = fc.oneof(
  contents.map(
    (content): TemplateCommand => ({ type: 'publish-template', data: { templateId, change: 'major', content } }),
  ),
  fc.tuple(contents, fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined })).map(
    ([content, major]): TemplateCommand => ({
      type: 'publish-template',
      data: { templateId, change: 'minor', content, ...(major === undefined ? {} : { major }) },
    }),
  ),
  fc.record({ major: fc.integer({ min: 1, max: 3 }), minor: fc.nat(2), approved: fc.boolean() }).map(
    ({ major, minor, approved }): TemplateCommand => ({
      type: 'review-template',
      data: {
        ...{ templateId, version: `${major}.${minor}`, nextReview: '2027-03-01' },
        outcome: approved ? 'approved' : 'changes-needed',
      },
    }),
  ),
);
const commands = fc.array(anyCommand, { maxLength: 15, size: 'max' });

const decideOn = (state: Template, command: TemplateCommand) =>
  template.decide(command, state, { ...usual, by }, undefined);
const happened = ({ type, data }: TemplateEvent) => ({ type, data, at: usual.at, by }) as Happened<TemplateEvent>;
const livesOf = (all: readonly TemplateCommand[]) => {
  let state = template.initial;
  return all.map((command) => {
    const before = state;
    const decision = decideOn(before, command);
    const events = E.isRight(decision) ? decision.right : [];
    state = events.map(happened).reduce(template.evolve, before);
    return { command, before, decision, events, after: state };
  });
};
const alwaysEach = (holds: (step: ReturnType<typeof livesOf>[number]) => void) =>
  fc.assert(
    fc.property(commands, (all) => {
      for (const step of livesOf(all)) holds(step);
    }),
    runs,
  );
const majors = Array.from({ length: 31 }, (_, index) => index + 1);

describe('a template, whatever is commanded', () => {
  test('adds nothing when an accepted command is given again', () => {
    alwaysEach(({ command, decision, after }) => {
      if (E.isRight(decision)) expect(decideOn(after, command)).toEqual(E.right([]));
    });
  });

  test('R263 R264 R265 R269 I24 changes one line by a minor version, and none by a major one', () => {
    alwaysEach(({ events, before, after }) => {
      for (const { type, data } of events) {
        const changed = majors.filter((major) => latestVersion(before, major) !== latestVersion(after, major));
        expect(changed).toEqual(type === 'template-published' ? [data.major] : []);
        if (type !== 'template-published') continue;
        expect(latestVersion(before, data.major) === undefined).toBe(data.minor === 0);
      }
    });
  });

  test('R263 R269 D22 keeps the structure of a line from its first version to its last', () => {
    fc.assert(
      fc.property(commands, (all) => {
        const { versions } = livesOf(all).at(-1)?.after ?? template.initial;
        for (const { major, content } of versions) {
          const first = versions.find((version) => version.major === major && version.minor === 0);
          expect(first && structureOf(first.content)).toEqual(structureOf(content));
        }
      }),
      runs,
    );
  });

  test('R265 R269 numbers its versions one after the other, none twice', () => {
    alwaysEach(({ after: { versions } }) => {
      const numbers = versions.map(({ major, minor }) => `${major}.${minor}`);
      expect(new Set(numbers).size).toBe(numbers.length);
      for (const { major, minor } of versions) {
        if (minor > 0) expect(numbers).toContain(`${major}.${minor - 1}`);
        else if (major > 1) expect(numbers).toContain(`${major - 1}.0`);
      }
    });
  });

  test('decides only what may be stored', () => {
    alwaysEach(({ events }) => {
      for (const event of events) expectStorable(templateEvents, event);
    });
  });

  test('is the same folded in two parts as at once', () => {
    fc.assert(
      fc.property(commands, fc.nat(), (all, cut) =>
        expectSameInTwoParts(
          template,
          livesOf(all).flatMap(({ events }) => events.map(happened)),
          cut,
        ),
      ),
      runs,
    );
  });
});
