import type { Mutant } from '../mutant.ts';

const handover = 'domain/handover/handover.ts';

/** Mistakes in handovers, and in the versions of what programs contain. */
export const mutantsOfHandovers: readonly Mutant[] = [
  {
    id: 'two-handovers',
    what: 'a second handover is offered while one is pending',
    file: handover,
    from: "if ([...state.handovers.values()].some(({ outcome }) => outcome === 'pending')) return 'handover-pending'; // R205, I15",
    to: '',
  },
  {
    id: 'sender-approves',
    what: 'the sender approves its own handover',
    file: handover,
    from: "unitId === (permissionTo(type).relation === 'receiving-unit' ? toUnit : fromUnit);",
    to: '[toUnit, fromUnit].some((one) => one === unitId && type !== undefined);',
  },
  {
    id: 'receiver-not-eligible',
    what: 'a handover is approved for a clinician who may not treat by the template',
    file: handover,
    from: "if (!receiver.clinicianEligible) return no('clinician-not-eligible');",
    to: '',
  },
  {
    id: 'denial-moves',
    what: 'a denied handover moves the program all the same',
    file: handover,
    from: "happens({ type: 'handover-denied', data: { handoverId, ...(reason === undefined ? {} : { reason }) } });",
    to: "happens({ type: 'handover-withdrawn', data: { handoverId, ...(reason === undefined ? {} : {}) } });",
  },
  {
    id: 'pending-locks-resident',
    what: 'while a handover is pending the resident cannot write',
    file: 'domain/program/program.ts',
    from: "    case 'start-conversation':\n      return startConversation(command, program, content, circumstances);",
    to: "    case 'start-conversation':\n      if (program.pendingHandover !== undefined && circumstances.by.kind === 'resident') return no('read-only');\n      return startConversation(command, program, content, circumstances);",
  },
  {
    id: 'offer-listed-as-own',
    what: 'the tab of handovers shows what the unit itself has offered',
    file: 'projections/views/overview.ts',
    from: "const pending = pendingTo(rights.db, by.unitId ?? '', slice);",
    to: "const pending = [...pendingTo(rights.db, by.unitId ?? '', slice), ...programsOf(db, { unitId: by.unitId ?? '', clinician: undefined }, 'ongoing', slice).flatMap((row) => [...pendingAmong(db, [row.programId]).values()])];",
  },
  {
    id: 'handover-loses-module',
    what: 'after a handover no module is the current one',
    file: 'projections/programs.ts',
    from: "run(\n        db,\n        'UPDATE programs SET unit_id = ?, care_provider_id = ?, clinician = ? WHERE program_id = ?',",
    to: "run(db, 'UPDATE modules SET current = 0 WHERE program_id = ?', programIdOf(stream)) as undefined ?? run(\n        db,\n        'UPDATE programs SET unit_id = ?, care_provider_id = ?, clinician = ? WHERE program_id = ?',",
  },
  {
    id: 'handover-keeps-clinician',
    what: 'after a handover the read models show the old clinician',
    file: 'projections/programs.ts',
    from: "'UPDATE programs SET unit_id = ?, care_provider_id = ?, clinician = ? WHERE program_id = ?',",
    to: "'UPDATE programs SET unit_id = ?, care_provider_id = ?, clinician = COALESCE(clinician, ?) WHERE program_id = ?',",
  },
  {
    id: 'major-reaches-ongoing',
    what: 'a new major version changes programs that are ongoing',
    file: 'projections/templates.ts',
    from: 'WHERE template_id = ? AND major = ? AND minor <= COALESCE(?, minor)\n       ORDER BY minor DESC LIMIT 1`;',
    to: 'WHERE template_id = ? AND major >= ? AND minor <= COALESCE(?, minor)\n       ORDER BY major DESC, minor DESC LIMIT 1`;',
  },
  {
    id: 'structure-in-minor',
    what: 'a minor version may change the structure',
    file: 'domain/template/template.ts',
    from: 'return same(structureOf(latest.content), structureOf(data.content))',
    to: 'return same(structureOf(latest.content).kind, structureOf(data.content).kind)',
  },
  {
    id: 'relatives-share',
    what: 'a purge of one relative’s program takes the messages of others',
    file: 'projections/conversations.ts',
    from: "run(db, 'DELETE FROM messages WHERE program_id = ?', programIdOf(stream));",
    to: "run(db, 'DELETE FROM messages WHERE program_id <= ?', programIdOf(stream));",
  },
];
