import type { Mutant } from '../mutant.ts';

const telling = 'projections/notifications/telling.ts';
const shared = 'projections/views/shared.ts';

/** Mistakes in what is shown, to whom, and in who is told of what. */
export const mutantsOfReading: readonly Mutant[] = [
  {
    id: 'read-after-maintenance',
    what: 'a resident reads a program whose maintenance is over',
    file: shared,
    from: "return row.status === 'ongoing' || isReadable({ readableUntil: row.readableUntil ?? undefined }, today);",
    to: "return row.status === 'ongoing' || row.readableUntil !== null;",
  },
  {
    id: 'other-unit-reads',
    what: 'staff of any unit sees a program',
    file: shared,
    from: 'if (row !== undefined && programRow(rights.db, programId)?.unitId === unitId) return E.right(row);',
    to: 'if (row !== undefined) return E.right(row);',
  },
  {
    id: 'other-resident-reads',
    what: 'a resident sees the program of another',
    file: shared,
    from: "if (!own.right.includes(programStream(programId))) return E.left(no('unknown-program'));",
    to: '',
  },
  {
    id: 'timeline-shows-unopened',
    what: 'the timeline shows a form before anybody has opened it',
    file: 'projections/timeline.ts',
    from: "!(type === 'form-submitted' && unopened.has(placeOf(data as FormRow))) &&",
    to: "!(type === 'purged' && unopened.has(placeOf(data as FormRow))) &&",
  },
  {
    id: 'flags-after-the-end',
    what: 'a program that has ended still has flags',
    file: 'projections/views/flags.ts',
    from: "if (status !== 'ongoing') return [];",
    to: "if (status !== 'ongoing' && policy.severities.message === undefined) return [];",
  },
  {
    id: 'channels-not-asked',
    what: 'staff who has turned notifications off is notified all the same',
    file: telling,
    from: 'active === 1 && receive === 1 && listIn(flagTypes).includes(about)',
    to: 'active === 1 && listIn(flagTypes).includes(about)',
  },
  {
    id: 'types-not-asked',
    what: 'staff is notified of what they did not choose',
    file: telling,
    from: 'active === 1 && receive === 1 && listIn(flagTypes).includes(about)',
    to: 'active === 1 && receive === 1 && (listIn(flagTypes).includes(about) || about.length > 0)',
  },
  {
    id: 'all-clinicians-told',
    what: 'a message to one clinician is told to another',
    file: telling,
    from: 'if (row !== undefined) tellStaff(db, news, { unitId: row.unitId, hsaId: row.clinician });',
    to: "if (row !== undefined) for (const { hsaId } of db.prepare('SELECT hsa_id AS hsaId FROM staff WHERE unit_id = ?').all(row.unitId) as { hsaId: string }[]) tellStaff(db, news, { unitId: row.unitId, hsaId });",
  },
  {
    id: 'purge-uncounts',
    what: 'a purge takes its program out of the statistics',
    file: 'projections/statistics.ts',
    from: '    ended: counting({ ended: 1 }),\n',
    to: "    ended: counting({ ended: 1 }),\n    purged: (db) => run(db, 'UPDATE statistics SET ended = ended - 1 WHERE ended > 0'),\n",
  },
  {
    id: 'messages-outlive-purge',
    what: 'the read models keep the messages of a purged program',
    file: 'projections/conversations.ts',
    from: "      run(db, 'DELETE FROM messages WHERE program_id = ?', programIdOf(stream));\n",
    to: '',
  },
  {
    id: 'event-applied-twice',
    what: 'an event moves the read models twice',
    file: 'projections/runner.ts',
    from: 'for (const handler of found) handler(db, read);',
    to: "for (const handler of found) { handler(db, read); if (event.type === 'section-opened' || event.type === 'ended') handler(db, read); }",
  },
  {
    id: 'event-not-applied',
    what: 'the checkpoint of the read models passes over an event',
    file: 'projections/runner.ts',
    from: '  for (const event of events) {\n    hearUpTo(event.position - 1);',
    to: '  for (const event of events.slice(0, 3)) {\n    hearUpTo(event.position - 1);',
  },
  {
    id: 'clock-in-a-projection',
    what: 'a read model reads the clock of its machine',
    file: 'projections/conversations.ts',
    from: 'run(db, noteMessage, at, position, toStaff, toResident, from, at, programId, conversationId);',
    to: 'run(db, noteMessage, new Date().toISOString(), position, toStaff, toResident, from, at, programId, conversationId);',
  },
];
