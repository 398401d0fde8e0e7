import type { CommandInput, Page } from 'folja';
import { documentation, dutiesIn, erasure, outline } from '../contents.ts';
import {
  accessReport,
  alla,
  avslutade,
  caseload,
  hantera,
  log,
  messages,
  mina,
  overlamningar,
  ownPrograms,
  purgeList,
  several,
  startPage,
  statistics,
} from '../dashboards.ts';
import { auditor, bodil, britt, isa, region, tolvan, tore, ture } from '../people.ts';
import type { Stage } from '../stage.ts';
import { document } from './journal.ts';

type Program = { readonly programId: string; readonly conversationId: string };

const rowsIn = (answer: unknown): string => JSON.stringify((answer as Page<unknown>).rows);
const isSame = (one: unknown, other: unknown): boolean => rowsIn(one) === rowsIn(other);

const disposalDecision = 'RA-MS/2026-17';
const purgeId = '019cd1b0-1e00-7000-8000-000000000002';

/** 7. The end: of one at once, of the other with some weeks in which the parent may still read (vidmakthållande). */
export const end = async (stage: Stage, { programId, conversationId }: Program, tobaccoId: string): Promise<void> => {
  const type = 'end-program';
  stage.chapter('7. Both programs end; one stays readable for a while');
  stage.goTo('2026-06-17T13:30:00.000Z');
  const early = { programId: tobaccoId, reason: 'avslutad-i-fortid', residentAware: true };
  await stage.act(tore, 'ends Tobakshjälpen before its time', { type, data: early }, 'ok: follow-ups-remain');
  await stage.look(ture, 'opens the start page of what has ended', startPage(tobaccoId), 'refused: program-has-ended');
  stage.goTo('2026-09-14T06:50:00.000Z');
  const noSuchReason = 'refused: unknown-end-reason';
  const data = { programId, reason: 'avslutad-enligt-plan', residentAware: true, maintenance: { until: '2026-10-11' } };
  await stage.act(
    britt,
    'ends it, for a reason that is not listed',
    { type, data: { ...data, reason: 'klar' } },
    noSuchReason,
  );
  await stage.act(britt, 'ends it; readable until 11 October', { type, data });
  const reply = { programId, conversationId, body: 'En sista fråga bara!' };
  await stage.act(tolvan, 'writes afterwards', { type: 'reply', data: reply }, 'refused: read-only');
  await stage.show(tolvan, startPage(programId, 1));
  const tooEarly = { programId, disposalDecision };
  await stage.act(bodil, 'purges too early', { type: 'purge-program', data: tooEarly }, 'refused: maintenance-running');
};

const counts = statistics('lar-dig-om-amning');

/** 8. What lies to be purged, and what has to be done before: nobody can document or export it after. */
export const waiting = async (stage: Stage, { programId }: Program): Promise<unknown> => {
  stage.chapter('8. Time to purge (gallra)');
  stage.goTo('2026-10-12T07:05:00.000Z');
  await stage.show(britt, avslutade);
  await stage.show(bodil, purgeList);
  const duties = await stage.look(britt, 'looks at what the journal lacks', documentation(programId), 'ok');
  await document(stage, britt, programId, dutiesIn(duties));
  const data = { programId, format: 'json' };
  const written = await stage.export(bodil, 'exports it as JSON', { type: 'export-program', data });
  stage.list(outline(written));
  await stage.show(auditor, log(tolvan.personalNumber, 3));
  return stage.show(region, counts);
};

/**
 * One machine erases at once. Where servers keep the log, key and flesh are destroyed at once too, but the servers' disks are cleaned by a scavenge,
 * which a real host lets run on a schedule.
 */
const erase = async (stage: Stage, programId: string, command: CommandInput): Promise<void> => {
  const { cluster } = stage.folja;
  const onServers = cluster !== undefined;
  await stage.act(bodil, 'purges, by a disposal decision', command, onServers ? 'ok: erasure-pending' : 'ok: erased');
  await stage.act(bodil, 'sends it again: the answer got lost', command, 'repeated');
  if (!onServers) return;
  await stage.show(bodil, erasure(programId));
  const { servers } = await cluster.scavenge();
  stage.note('the host', `lets ${several(servers, 'server')} scavenge what was deleted`, 'ok', 'ok');
  await stage.act(bodil, 'sends it once more: is it erased now?', command, 'ok: erased');
};

/** 9. The purge, and the same dashboards after it. */
export const purge = async (stage: Stage, { programId, conversationId }: Program, counted: unknown): Promise<void> => {
  stage.chapter('9. The program is purged, and every dashboard is looked at again');
  const command = { type: 'purge-program', data: { programId, disposalDecision }, id: purgeId };
  await stage.act(britt, 'purges as clinician', { type: command.type, data: command.data }, 'refused: role-missing');
  await erase(stage, programId, command);
  await stage.show(britt, mina, 'ok: empty');
  await stage.show(britt, alla, 'ok: empty');
  await stage.show(isa, overlamningar, 'ok: empty');
  await stage.show(isa, caseload, 'ok: empty');
  await stage.show(britt, avslutade, 'ok: empty');
  await stage.show(britt, hantera(programId), 'refused: program-purged');
  await stage.show(tolvan, ownPrograms, 'ok: empty');
  await stage.show(tolvan, startPage(programId), 'refused: unknown-program');
  await stage.show(britt, messages(programId, conversationId), 'refused: program-purged');
  await stage.show(britt, documentation(programId), 'refused: program-purged');
  await stage.show(bodil, purgeList, 'ok: empty');
  const late = { programId, conversationId, body: 'Hallå?' };
  await stage.act(tolvan, 'writes to it', { type: 'reply', data: late }, 'refused: unknown-program');
  const again = await stage.look(region, 'looks at Statistik again', counts, 'ok');
  stage.note('the host', 'finds the same counts', isSame(again, counted) ? 'ok' : 'other counts', 'ok');
  await stage.show(auditor, log(tolvan.personalNumber, 8));
  await stage.show(tolvan, accessReport);
};
