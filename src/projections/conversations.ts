import type { Database } from 'better-sqlite3';
import type { HsaId, Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import { programIdOf } from '../eventStore/streams.ts';
import type { Slice } from './programs.ts';
import { all, one, type Projection, type Recorded, run } from './projection.ts';

const schema = `
CREATE TABLE conversations (
  program_id TEXT NOT NULL,
  last_position INTEGER NOT NULL,
  conversation_id TEXT NOT NULL,
  subject_position INTEGER NOT NULL,
  messages INTEGER NOT NULL DEFAULT 0,
  unread_by_staff INTEGER NOT NULL DEFAULT 0,
  unread_by_resident INTEGER NOT NULL DEFAULT 0,
  read_by_staff INTEGER NOT NULL DEFAULT 0,
  read_by_resident INTEGER NOT NULL DEFAULT 0,
  last_at TEXT NOT NULL,
  unanswered_since TEXT,
  PRIMARY KEY (program_id, last_position)
) STRICT, WITHOUT ROWID;
CREATE TABLE messages (
  program_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  sent_by TEXT NOT NULL,
  sender TEXT,
  sender_unit TEXT,
  addressee TEXT,
  at TEXT NOT NULL,
  read_at TEXT,
  PRIMARY KEY (program_id, conversation_id, position)
) STRICT, WITHOUT ROWID;
`;

/** A conversation; its subject lies sealed at `subjectPosition`. */
export type ConversationRow = {
  readonly conversationId: Uuid;
  readonly subjectPosition: number;
  readonly messages: number;
  readonly unreadByStaff: number;
  readonly unreadByResident: number;
  readonly lastAt: Instant;
  readonly lastPosition: number;
  /** When the oldest message of the resident's that staff has not answered was sent (R183). */
  readonly unansweredSince: Instant | null;
};

/** A message; its body lies sealed at `position`. */
export type MessageRow = {
  readonly position: number;
  readonly messageId: Uuid;
  readonly conversationId: Uuid;
  readonly sentBy: 'resident' | 'staff';
  readonly sender: HsaId | null;
  readonly senderUnit: HsaId | null;
  readonly addressee: HsaId | null;
  readonly at: Instant;
  readonly readAt: Instant | null;
};

const insertMessage = `INSERT INTO messages
  (position, message_id, conversation_id, program_id, sent_by, sender, sender_unit, addressee, at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const noteMessage = `UPDATE conversations SET messages = messages + 1, last_at = ?, last_position = ?,
  unread_by_staff = unread_by_staff + ?, unread_by_resident = unread_by_resident + ?,
  unanswered_since = CASE WHEN ? = 'staff' THEN NULL ELSE COALESCE(unanswered_since, ?) END
  WHERE program_id = ? AND conversation_id = ?`;

const messageSent = (db: Database, { stream, data, at, position, by }: Recorded<'message-sent'>): void => {
  const { messageId, conversationId, from, addressee = null } = data;
  const programId = programIdOf(stream);
  const [sender, unit] = from === 'staff' ? [by.hsaId ?? null, by.unitId ?? null] : [null, null];
  run(db, insertMessage, position, messageId, conversationId, programId, from, sender, unit, addressee, at);
  const [toStaff, toResident] = from === 'resident' ? [1, 0] : [0, 1];
  run(db, noteMessage, at, position, toStaff, toResident, from, at, programId, conversationId);
};

/** Nothing before the position up to which a side had read is looked at again. */
const markRead = `UPDATE messages SET read_at = ?
  WHERE program_id = ? AND conversation_id = ? AND position > ? AND sent_by = ? AND read_at IS NULL`;

type ReadUpTo = { readonly staff: number; readonly resident: number };
const readUpTo = `SELECT read_by_staff AS staff, read_by_resident AS resident FROM conversations
  WHERE program_id = ? AND conversation_id = ?`;

const conversationRead = (db: Database, { stream, data, at, position }: Recorded<'conversation-read'>): void => {
  const { conversationId, side } = data;
  const [programId, from] = [programIdOf(stream), side === 'staff' ? 'resident' : 'staff'];
  const seen = one<ReadUpTo>(db, readUpTo, programId, conversationId)?.[side] ?? 0;
  run(db, markRead, at, programId, conversationId, seen, from);
  const clear =
    side === 'staff'
      ? 'UPDATE conversations SET unread_by_staff = 0, read_by_staff = ? WHERE program_id = ? AND conversation_id = ?'
      : 'UPDATE conversations SET unread_by_resident = 0, read_by_resident = ? WHERE program_id = ? AND conversation_id = ?';
  run(db, clear, position, programId, conversationId);
};

/** Conversations and their messages, both sides' unread, and what waits for an answer (R173–R184). */
export const conversations: Projection = {
  name: 'conversations',
  version: 2,
  schema,
  tables: { conversations: { program: 'program_id' }, messages: { program: 'program_id' } },
  on: {
    'conversation-started': (db, { stream, data, at, position }) =>
      run(
        db,
        `INSERT INTO conversations (conversation_id, program_id, subject_position, last_at, last_position)
         VALUES (?, ?, ?, ?, ?)`,
        ...[data.conversationId, programIdOf(stream), position, at, position],
      ),
    'message-sent': messageSent,
    'conversation-read': conversationRead,
    purged: (db, { stream }) => {
      run(db, 'DELETE FROM conversations WHERE program_id = ?', programIdOf(stream));
      run(db, 'DELETE FROM messages WHERE program_id = ?', programIdOf(stream));
    },
  },
};

const columns = `conversation_id AS conversationId, subject_position AS subjectPosition, messages,
  unread_by_staff AS unreadByStaff, unread_by_resident AS unreadByResident, last_at AS lastAt,
  last_position AS lastPosition, unanswered_since AS unansweredSince`;

/** A program's conversations, the one with the newest message first. */
export const conversationRows = (db: Database, programId: Uuid, { before, limit }: Slice): readonly ConversationRow[] =>
  all<ConversationRow>(
    db,
    `SELECT ${columns} FROM conversations WHERE program_id = ? AND last_position < ?
     ORDER BY last_position DESC LIMIT ?`,
    ...[programId, before, limit],
  );

/** Whether a program has this conversation. */
export const hasConversation = (db: Database, programId: Uuid, conversationId: Uuid): boolean =>
  one(db, 'SELECT 1 FROM conversations WHERE program_id = ? AND conversation_id = ?', programId, conversationId) !==
  undefined;

const messageColumns = `position, message_id AS messageId, conversation_id AS conversationId, sent_by AS sentBy, sender,
  sender_unit AS senderUnit, addressee, at, read_at AS readAt`;

/** A conversation's messages, newest first (R177). */
export const messageRows = (
  db: Database,
  programId: Uuid,
  conversationId: Uuid,
  { before, limit }: Slice,
): readonly MessageRow[] =>
  all<MessageRow>(
    db,
    `SELECT ${messageColumns} FROM messages WHERE program_id = ? AND conversation_id = ? AND position < ?
     ORDER BY position DESC LIMIT ?`,
    ...[programId, conversationId, before, limit],
  );

/** The messages of a program's resident that staff has not read, oldest first: each is a flag (R152). */
export const unreadMessages = (
  db: Database,
  programId: Uuid,
): readonly Pick<MessageRow, 'position' | 'messageId' | 'conversationId' | 'at'>[] =>
  all<Pick<MessageRow, 'position' | 'messageId' | 'conversationId' | 'at'>>(
    db,
    `SELECT position, message_id AS messageId, messages.conversation_id AS conversationId, at
     FROM conversations CROSS JOIN messages ON messages.program_id = conversations.program_id
     AND messages.conversation_id = conversations.conversation_id AND position > read_by_staff
     WHERE conversations.program_id = ? AND unread_by_staff > 0 AND sent_by = 'resident' AND read_at IS NULL`,
    programId,
  ).toSorted((one, other) => one.position - other.position);

/** When the oldest message that waits for staff's answer was sent, in each conversation of some programs where one waits (R183). */
export const waitingSince = (
  db: Database,
  programIds: readonly Uuid[],
): readonly { readonly programId: Uuid; readonly since: Instant }[] =>
  all(
    db,
    `SELECT program_id AS programId, unanswered_since AS since
     FROM json_each(?) CROSS JOIN conversations ON program_id = value WHERE unanswered_since IS NOT NULL`,
    JSON.stringify(programIds),
  );

/** How many of staff's messages the resident has not read, of each program where there is any. */
export const unreadByResident = (db: Database, programIds: readonly Uuid[]): ReadonlyMap<Uuid, number> =>
  new Map(
    all<{ readonly programId: Uuid; readonly number: number }>(
      db,
      `SELECT value AS programId, (SELECT SUM(unread_by_resident) FROM conversations WHERE program_id = value) AS number
       FROM json_each(?)`,
      JSON.stringify(programIds),
    ).map(({ programId, number }) => [programId, number]),
  );
