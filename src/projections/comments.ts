import type { Database } from 'better-sqlite3';
import type { Slug, Uuid } from '../domain/identifiers.ts';
import type { Instant } from '../domain/time.ts';
import { programIdOf } from '../eventStore/streams.ts';
import type { Slice } from './programs.ts';
import { all, type Projection, run } from './projection.ts';

const schema = `
CREATE TABLE comments (
  program_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  comment_id TEXT NOT NULL,
  module_id TEXT NOT NULL,
  section_id TEXT NOT NULL,
  at TEXT NOT NULL,
  read_at TEXT,
  PRIMARY KEY (program_id, position)
) STRICT, WITHOUT ROWID;
`;

/** A comment of the resident's beside a section; its text lies sealed at `position`. */
export type CommentRow = {
  readonly position: number;
  readonly commentId: Uuid;
  readonly moduleId: Slug;
  readonly sectionId: Slug;
  readonly at: Instant;
  readonly readAt: Instant | null;
};

/** The residents' comments, and which of them the clinician has not read (R152, R182). */
export const comments: Projection = {
  name: 'comments',
  version: 2,
  schema,
  tables: { comments: { program: 'program_id' } },
  on: {
    'comment-made': (db, { stream, data: { commentId, moduleId, sectionId }, position, at }) =>
      run(
        db,
        'INSERT INTO comments (position, comment_id, program_id, module_id, section_id, at) VALUES (?, ?, ?, ?, ?, ?)',
        ...[position, commentId, programIdOf(stream), moduleId, sectionId, at],
      ),
    'comment-read': (db, { stream, data, at }) =>
      run(
        db,
        'UPDATE comments SET read_at = ? WHERE program_id = ? AND comment_id = ? AND read_at IS NULL',
        ...[at, programIdOf(stream), data.commentId],
      ),
    purged: (db, { stream }) => run(db, 'DELETE FROM comments WHERE program_id = ?', programIdOf(stream)),
  },
};

const columns = `position, comment_id AS commentId, module_id AS moduleId, section_id AS sectionId, at, read_at AS readAt`;

/** A program's comments before a place, the newest first. */
export const commentRows = (db: Database, programId: Uuid, { before, limit }: Slice): readonly CommentRow[] =>
  all<CommentRow>(
    db,
    `SELECT ${columns} FROM comments WHERE program_id = ? AND position < ? ORDER BY position DESC LIMIT ?`,
    ...[programId, before, limit],
  );

/** The comments of a program that the clinician has not read, the oldest first: each is a flag (R152). */
export const unreadComments = (db: Database, programId: Uuid): readonly CommentRow[] =>
  all<CommentRow>(
    db,
    `SELECT ${columns} FROM comments WHERE program_id = ? AND read_at IS NULL ORDER BY position`,
    programId,
  );
