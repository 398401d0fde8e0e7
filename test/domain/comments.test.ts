import { describe, expect, test } from 'vitest';
import { colleague, made, resident, staff, uuid } from './people.ts';
import {
  activated,
  commands,
  commentId,
  commentMade,
  commentRead,
  completed,
  deactivated,
  ended,
  fold,
  given,
  ongoing,
  programId,
  started,
} from './programs.ts';

const { comment } = commands;
const read = commands['read-comment'];
const newComment = { ...commentMade(), data: { ...commentMade().data, commentId: made.comment } };
const on = (place: { moduleId?: string; sectionId?: string }) => ({ ...comment, data: { ...comment.data, ...place } });

describe('a section that the resident can reach', () => {
  test('R152 R182 takes a comment, unread until the clinician reads it', () => {
    given(...ongoing())
      .when(comment, { by: resident })
      .thenEvents(newComment);
    expect(fold(...ongoing(), commentMade())).toMatchObject({ comments: new Map([[commentId, 'unread']]) });
  });

  test('R182 takes as many comments as the resident makes', () => {
    given(...ongoing(), commentMade())
      .when(comment, { by: resident })
      .thenEvents(newComment);
  });

  test('R182 D6 D13 takes one in a completed module, and in one whose days have run out', () => {
    given(...ongoing(), completed('steg-1'))
      .when(comment, { by: resident })
      .thenEvents(newComment);
    given(started(), activated('steg-1', 7))
      .when(comment, { by: resident, at: '2026-06-01T08:00:00.000Z' })
      .thenEvents(newComment);
  });

  test.each([
    ['unknown-module', on({ moduleId: 'steg-99' })],
    ['unknown-section', on({ sectionId: 'avsnitt-99' })],
    ['module-not-open', on({ moduleId: 'steg-2' })],
  ] as const)('R182 is another than one that gives %s', (code, command) => {
    given(...ongoing())
      .when(command, { by: resident })
      .thenRefused(code);
  });

  test('R123 R182 takes none once its module is closed', () => {
    given(...ongoing(), deactivated('steg-1'))
      .when(comment, { by: resident })
      .thenRefused('module-not-open');
  });
});

describe('a comment', () => {
  const history = [...ongoing(), commentMade()];

  test('R160 is read by the clinician', () => {
    given(...history)
      .when(read)
      .thenEvents(commentRead());
  });

  test('R160 is read once', () => {
    given(...history, commentRead())
      .when(read)
      .thenNothing();
  });

  test('R160 is read alone: another stays unread', () => {
    const other = { ...commentMade(), data: { ...commentMade().data, commentId: uuid(42) } };
    given(...history, other, commentRead())
      .when({ type: 'read-comment', data: { programId, commentId: uuid(42) } })
      .thenEvents({ type: 'comment-read', data: { commentId: uuid(42) } });
  });

  test('R160 D24 is read after the end too, once', () => {
    given(...history, ended())
      .when(read)
      .thenEvents(commentRead());
    given(...history, ended(), commentRead())
      .when(read)
      .thenNothing();
  });

  test('R018 R160 is read by the responsible clinician only', () => {
    given(...history)
      .when(read, { by: staff(colleague) })
      .thenRefused('not-responsible');
  });

  test('R160 is one of the program', () => {
    for (const before of [ongoing(), [...ongoing(), ended()]])
      given(...before)
        .when(read)
        .thenRefused('unknown-comment');
  });
});
