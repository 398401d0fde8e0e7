import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { handoverEvents } from '../../src/domain/handover/events.ts';
import type { ProgramCommand } from '../../src/domain/program/commands.ts';
import { programEvents } from '../../src/domain/program/events.ts';
import { program } from '../../src/domain/program/program.ts';
import type { TemplateContent } from '../../src/domain/template/content.ts';
import { larDigOmAmning } from '../../src/templates/larDigOmAmning.ts';
import { tobakshjalpen } from '../../src/templates/tobakshjalpen.ts';
import { expectSameInTwoParts, expectStorable } from './folding.ts';
import { personalNumber, resident, staff } from './people.ts';
import { type Decided, decideOn, type Life, livesOf, type Step, stepsOn } from './programLives.ts';
import { commands } from './programs.ts';

const runs = { numRuns: 120 };
const shapes = { ...programEvents, ...handoverEvents };
const templates = { 'Lär dig om amning': larDigOmAmning, Tobakshjälpen: tobakshjalpen };
const moduleCommands = [
  commands['activate-module'],
  commands['set-current-module'],
  commands['complete-module'],
  commands['change-module-days'],
  commands['deactivate-module'],
];
const residentCommands = [
  commands['open-program'],
  commands['open-section'],
  commands['complete-section'],
  commands['finish-module'],
  commands['start-conversation'],
  commands.reply,
  commands['save-form'],
  commands['submit-form'],
  commands.comment,
  commands['register-activity'],
  commands['set-resident-notifications'],
];

const alwaysNew: ReadonlySet<string> = new Set([
  ...['open-program', 'reply', 'save-form', 'comment', 'raise-flag'],
  ...['send-reminder', 'announce-absence', 'export-program'],
]);

/** New facts by nature: each time is another, under new ids. */
const isNewEachTime = ({ command: { type, data } }: Decided): boolean =>
  alwaysNew.has(type) ||
  (type === 'start-conversation' && !('conversationId' in data)) ||
  (type === 'create-activity-plan' && !('planId' in data));

/** The state of the world forbids these a second time; the others are so already. */
const refusedAgain: ReadonlySet<string> = new Set([
  'start-program',
  'start-conversation',
  'end-program',
  'initiate-handover',
  'submit-form',
  'create-activity-plan',
  'register-activity',
]);

/** The form of a follow-up takes answers from its due day on, whatever the state of its module. */
const isFollowUp = ({ followUps }: TemplateContent, data: object): boolean =>
  'formId' in data &&
  followUps.some(({ moduleId, formId }) => 'moduleId' in data && moduleId === data.moduleId && formId === data.formId);

const eventsOf = ({ decision }: Decided) => (E.isRight(decision) ? decision.right : []);
const eventsIn = (life: readonly Decided[]) => life.flatMap(eventsOf);
const lastOf = (life: readonly Decided[]): Life | undefined => life.at(-1)?.after;
const historyOf = (life: readonly Decided[]) => lastOf(life)?.history ?? [];

describe.each(Object.entries(templates))('a program of %s, whatever is commanded', (_, content) => {
  const always = (holds: (life: readonly Decided[]) => void) =>
    fc.assert(
      fc.property(stepsOn(content), (steps) => holds(livesOf(content, steps))),
      runs,
    );
  const alwaysEach = (holds: (step: Decided) => void) =>
    always((life) => {
      for (const step of life) holds(step);
    });

  test('adds nothing when an accepted command is given again', () => {
    alwaysEach((step) => {
      if (E.isLeft(step.decision) || isNewEachTime(step)) return;
      const again = decideOn(content, step.after, step, 5_000);
      const isRefused = refusedAgain.has(step.command.type) && step.decision.right.length > 0;
      expect(again).toEqual(isRefused ? E.left(expect.objectContaining({ kind: 'refused' })) : E.right([]));
    });
  });

  test('R239 I20 I21 D24 takes nothing after its end but what staff attends to, the close of maintenance and the purge', () => {
    always((life) => {
      const types = historyOf(life).map(({ type }) => type);
      const after = types.includes('ended') ? types.slice(types.indexOf('ended') + 1) : [];
      const allowed = new Set([
        ...['conversation-read', 'form-opened', 'comment-read', 'documentation-recorded', 'exported'],
        ...['maintenance-closed', 'purged'],
      ]);
      expect(after.filter((type) => !allowed.has(type))).toEqual([]);
    });
  });

  test('R240 R246 I21 takes nothing after its purge, which follows its end', () => {
    always((life) => {
      const types = historyOf(life).map(({ type }) => type);
      if (!types.includes('purged')) return;
      expect(types.at(-1)).toBe('purged');
      expect(types).toContain('ended');
    });
  });

  test('is the same folded in two parts as at once', () => {
    fc.assert(
      fc.property(stepsOn(content), fc.nat(), (steps, cut) =>
        expectSameInTwoParts(program, historyOf(livesOf(content, steps)), cut),
      ),
      runs,
    );
  });

  test('leaves its state alone while it decides, and says nothing but a code when it refuses', () => {
    alwaysEach((step) => {
      const { program: state, handovers } = step.before;
      const copies = structuredClone([state, handovers]);
      const decision = decideOn(content, step.before, step, 1_000 + step.number * 10);
      expect([state, handovers]).toEqual(copies);
      expect(decision).toEqual(step.decision);
      if (E.isRight(decision)) return;
      expect(step.after).toBe(step.before);
      expect(Object.keys(decision.left).toSorted()).toEqual(
        decision.left.kind === 'refused' ? ['code', 'kind'] : ['issues', 'kind'],
      );
    });
  });

  test('decides only what may be stored', () => {
    always((life) => {
      for (const event of eventsIn(life)) expectStorable(shapes, event);
    });
  });

  test('R242 I21 keeps no number, name or text of the resident outside what is sealed', () => {
    always((life) => {
      const skeleton = JSON.stringify(eventsIn(life).map(({ type, data }) => ({ type, data })));
      for (const flesh of [personalNumber, 'Tolvan', 'Hej!', 'Hur går det?', 'Tack, bra.']) {
        expect(skeleton).not.toContain(flesh);
      }
    });
  });

  test('R122 R126 D5 has at most one current module, which is open', () => {
    alwaysEach(({ after: { program: state } }) => {
      if (state.status !== 'ongoing' || state.current === undefined) return;
      expect(state.modules.get(state.current)?.state).toBe('open');
    });
  });

  test('R122 I06 has no module opened by the resident', () => {
    alwaysEach((step) => {
      if (step.by.kind !== 'resident') return;
      expect(eventsOf(step).filter(({ type }) => type === 'module-activated')).toEqual([]);
    });
  });

  test('R118 I05 D25 has nothing done in a module before it is activated, but the form of a follow-up', () => {
    always((life) => {
      const opened = new Set<string>();
      for (const { type, data } of eventsIn(life)) {
        if (!('moduleId' in data) || isFollowUp(content, data)) continue;
        if (type === 'module-activated') opened.add(data.moduleId);
        expect(opened.has(data.moduleId)).toBe(true);
      }
    });
  });

  test('R018 I04 has one responsible clinician from its start to its end', () => {
    alwaysEach(({ after: { program: state } }) => {
      if (state.status === 'ongoing') expect(state.clinician).not.toBe('');
    });
  });

  test('R184 R192 R194 I13 addresses each message of the resident to who is responsible at that instant', () => {
    alwaysEach((step) => {
      const { program: state } = step.before;
      for (const { type, data } of eventsOf(step)) {
        if (type !== 'message-sent') continue;
        const addressee = data.from === 'resident' && state.status === 'ongoing' ? state.clinician : undefined;
        expect(data.addressee).toBe(addressee);
      }
    });
  });

  test('R193 I14 takes from the resident, while a handover is pending, what it took before', () => {
    alwaysEach((step) => {
      if (step.command.type !== 'initiate-handover' || eventsOf(step).length === 0) return;
      for (const command of residentCommands) {
        const asked = { ...step, command, by: resident };
        expect(decideOn(content, step.after, asked, 5_000)).toEqual(decideOn(content, step.before, asked, 5_000));
      }
    });
  });

  test('R021 I19 ends by its clinician, for a reason that its template has', () => {
    alwaysEach((step) => {
      for (const { type, data } of eventsOf(step)) {
        if (type !== 'ended') continue;
        expect(content.endReasons.map(({ code }) => code)).toContain(data.reason);
        expect(step.before.program).toMatchObject({ clinician: step.by.hsaId });
      }
    });
  });

  test('R139 I09 has no section that loses its color', () => {
    const rank = { none: 0, yellow: 1, green: 2 };
    alwaysEach(({ before, after }) => {
      if (before.program.status !== 'ongoing' || after.program.status !== 'ongoing') return;
      for (const [moduleId, { sections }] of before.program.modules) {
        for (const [sectionId, color] of sections) {
          const later = after.program.modules.get(moduleId)?.sections.get(sectionId) ?? 'none';
          expect(rank[later]).toBeGreaterThanOrEqual(rank[color]);
        }
      }
    });
  });

  test('R142 R145 I09 has no form that goes back: a draft is submitted, what is submitted is opened', () => {
    const rank = { none: 0, draft: 1, unread: 2, opened: 3 };
    alwaysEach(({ before, after }) => {
      if (before.program.status === 'absent' || before.program.status === 'purged') return;
      if (after.program.status === 'absent' || after.program.status === 'purged') return;
      for (const [form, state] of before.program.forms) {
        expect(rank[after.program.forms.get(form) ?? 'none']).toBeGreaterThanOrEqual(rank[state]);
      }
    });
  });
});

describe('a program of Lär dig om amning, whatever is commanded', () => {
  const chapters = larDigOmAmning.modules.map(({ id }) => id);
  const ongoingIn = (steps: readonly Step[]) =>
    livesOf(larDigOmAmning, steps).flatMap((step) =>
      step.after.program.status === 'ongoing' ? [{ ...step, program: step.after.program }] : [],
    );

  test('R106 I08 has all twelve chapters open at every instant', () => {
    fc.assert(
      fc.property(stepsOn(larDigOmAmning), (steps) => {
        for (const { program: state } of ongoingIn(steps)) {
          expect([...state.modules].map(([id, { state: open }]) => [id, open])).toEqual(
            chapters.map((id) => [id, 'open']),
          );
        }
      }),
      runs,
    );
  });

  test('R106 I08 takes no module command', () => {
    fc.assert(
      fc.property(stepsOn(larDigOmAmning), fc.constantFrom(...chapters), (steps, moduleId) => {
        for (const step of ongoingIn(steps)) {
          for (const command of moduleCommands) {
            const asked = { ...command, data: { ...command.data, moduleId } } as ProgramCommand;
            const by = staff(step.program.clinician);
            expect(decideOn(larDigOmAmning, step.after, { ...step, command: asked, by }, 5_000)).toEqual(
              E.left({ kind: 'refused', code: 'module-always-open' }),
            );
          }
        }
      }),
      runs,
    );
  });
});
