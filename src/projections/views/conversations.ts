import type { Database } from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import { type Refusal, refused } from '../../domain/decider.ts';
import { Uuid } from '../../domain/identifiers.ts';
import { checkpoint } from '../checkpoints.ts';
import {
  type ConversationRow,
  conversationRows,
  hasConversation,
  type MessageRow,
  messageRows,
} from '../conversations.ts';
import { firstSlice, type ProgramRow } from '../programs.ts';
import { namesIn } from '../staff.ts';
import { type Asking, cut, limitOf, openTexts, pageOf, paging, readCursor, snapshot, type View } from '../view.ts';
import { answerDueOn, answersWithin, relatedProgram } from './shared.ts';

const Query = z.strictObject({ view: z.literal('conversations'), programId: Uuid, ...paging });
const OneQuery = z.strictObject({
  view: z.literal('conversation'),
  programId: Uuid,
  conversationId: Uuid,
  ...paging,
});
type Query = z.infer<typeof Query>;
type OneQuery = z.infer<typeof OneQuery>;

const due = ({ unansweredSince }: ConversationRow, within: number) =>
  unansweredSince === null ? {} : { answerDueOn: answerDueOn(unansweredSince, within) };

/** The conversations of a program, the newest first, with what the asker has not read (R179). */
export const conversations: View<Query> = {
  query: Query,
  answer: async (asking, query) => {
    const { programId } = query;
    const before = readCursor('conversations', query, firstSlice(0).before);
    if (E.isLeft(before)) return before;
    const related = await relatedProgram(asking, programId);
    if (E.isLeft(related)) return related;
    const slice = { before: before.right, limit: limitOf(query) + 1 };
    const read = snapshot(asking, (db) =>
      E.map((row: ProgramRow) => ({
        rows: conversationRows(db, programId, slice),
        within: answersWithin(db, row, asking.core.policy),
        asOf: checkpoint(db, 'inline'),
      }))(related.right(db)),
    );
    if (E.isLeft(read)) return read;
    const { rows, within, asOf } = read.right;
    const page = cut('conversations', rows, query, ({ lastPosition }) => lastPosition);
    const text = await openTexts(
      asking,
      page.rows.map(({ subjectPosition }) => subjectPosition),
    );
    if (E.isLeft(text)) return text;
    const shown = page.rows.map((row) => ({
      conversationId: row.conversationId,
      subject: text.right(row.subjectPosition, 'subject') ?? '',
      messages: row.messages,
      unread: asking.by.kind === 'resident' ? row.unreadByResident : row.unreadByStaff,
      lastAt: row.lastAt,
      ...due(row, within),
    }));
    return E.right({ answer: pageOf(shown, page.next, asOf), programs: [programId], asOf });
  },
};

type FoundMessage = { readonly row: MessageRow; readonly nameAt: number | undefined };

const findMessages = (
  db: Database,
  program: ProgramRow,
  { programId, conversationId }: OneQuery,
  before: number,
  limit: number,
) => {
  if (!hasConversation(db, programId, conversationId)) return E.left<Refusal>(refused('unknown-conversation'));
  const nameOf = namesIn(db);
  return E.right(
    messageRows(db, programId, conversationId, { before, limit }).map((row): FoundMessage => {
      const sender = { unitId: row.senderUnit ?? '', hsaId: row.sender ?? '' };
      return { row, nameAt: row.sentBy === 'resident' ? program.startedPosition : nameOf(sender) };
    }),
  );
};

const presentMessage = (
  { row, nameAt }: FoundMessage,
  text: (position: number | null | undefined, name: string) => string | undefined,
  { by }: Asking,
) => ({
  messageId: row.messageId,
  from: row.sentBy,
  sender: text(nameAt, 'name') ?? '',
  // The resident sees the sender's name and nothing else of the staff (I11).
  ...(row.addressee === null || by.kind === 'resident' ? {} : { addressee: row.addressee }),
  body: text(row.position, 'body') ?? '',
  at: row.at,
  ...(row.readAt === null ? {} : { readAt: row.readAt }),
});

/** The messages of one conversation, newest first (R177). */
export const conversation: View<OneQuery> = {
  query: OneQuery,
  answer: async (asking, query) => {
    const before = readCursor('conversation', query, firstSlice(0).before);
    if (E.isLeft(before)) return before;
    const related = await relatedProgram(asking, query.programId);
    if (E.isLeft(related)) return related;
    const read = snapshot(asking, (db) => ({
      found: E.flatMap((row: ProgramRow) => findMessages(db, row, query, before.right, limitOf(query) + 1))(
        related.right(db),
      ),
      asOf: checkpoint(db, 'inline'),
    }));
    if (E.isLeft(read.found)) return read.found;
    const page = cut('conversation', read.found.right, query, ({ row }) => row.position);
    const text = await openTexts(
      asking,
      page.rows.flatMap(({ row, nameAt }) => [row.position, nameAt]),
    );
    if (E.isLeft(text)) return text;
    const shown = page.rows.map((found) => presentMessage(found, text.right, asking));
    return E.right({ answer: pageOf(shown, page.next, read.asOf), programs: [query.programId], asOf: read.asOf });
  },
};
