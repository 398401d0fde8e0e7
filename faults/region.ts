import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Actor, bundledTemplates, type Folja, openFolja, type Receipt } from '../src/index.ts';
import { sqliteStore } from '../src/sqlite.ts';
import { at, disa, factsAt, idAt, majken, maternity, office, region, roleOf, tolvan } from '../test/library/people.ts';

/** The master key of every store that meets a fault. */
export const masterKey = new Uint8Array(32).fill(7);

/** A Monday morning: nothing here depends on the clock, and nothing is due. */
export const clock = (): Date => new Date('2026-03-02T08:00:00.000Z');

/** An id of a command or program, by number. */
export const uuid = (number: number): string => `0195d3a0-0000-7000-8000-${String(number).padStart(12, '0')}`;

/** The programs that every store begins with; their residents are the persons of the tests. */
export const programs = [uuid(1), uuid(2), uuid(3)] as const;
const residents = [tolvan, disa, majken] as const;

const attested = { informed: true, accepted: true, speaksSwedish: true, hasDevice: true, hasElectronicId: true };
const tobak = 'tobakshjalpen';

type Does = (type: string, data: object, actor: Actor) => Promise<Receipt>;

const doing =
  (folja: Folja): Does =>
  async (type, data, actor) => {
    const result = await folja.execute({ type, data }, actor);
    if (result._tag === 'Right') return result.right;
    throw new Error(`${type} was to succeed and gave ${JSON.stringify(result.left)}`);
  };

const openUnit = async (does: Does): Promise<void> => {
  for (const { templateId, content } of bundledTemplates)
    await does('publish-template', { templateId, change: 'major', content }, office);
  await does('activate-unit', { ...maternity, administrator: factsAt(maternity, 'ba') }, region);
  for (const member of ['b', 'ia', 'da'] as const) {
    await does('register-staff', { unitId: maternity.unitId, staff: factsAt(maternity, member) }, at(maternity, 'ba'));
    const granted = { unitId: maternity.unitId, hsaId: idAt(maternity, member), role: roleOf[member] };
    await does('grant-role', granted, at(maternity, 'ba'));
  }
  await does('enable-template', { unitId: maternity.unitId, templateId: tobak }, region);
};

const startPrograms = async (does: Does): Promise<void> => {
  for (const [number, programId] of programs.entries()) {
    const started = { templateId: tobak, programId, resident: residents[number], attested };
    await does('start-program', started, at(maternity, 'b'));
    const conversation = { programId, subject: 'En fråga', body: 'Hur gör jag?' };
    await does('start-conversation', conversation, at(maternity, 'b'));
  }
};

type Folder = { readonly folder: string; readonly path: string; readonly remove: () => void };

/** A directory of its own, gone when `remove` is called. */
export const aFolder = (within = tmpdir()): Folder => {
  const folder = mkdtempSync(join(within, 'folja-fault-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  return { folder, path: join(folder, 'unit.db'), remove };
};

/** Copies of a store that is made once in a process, each of its own and closed. */
export const copiesOf = (build: (made: Folder) => Promise<void>): (() => Promise<Folder>) => {
  let made: Promise<string> | undefined;
  const make = async (): Promise<string> => {
    // A process of tests does not hear of its end: what is there is removed when all have ended (test/globalSetup.ts).
    const folder = aFolder(process.env.FOLJA_PREPARED);
    process.once('exit', folder.remove);
    await build(folder);
    return folder.folder;
  };
  return async () => {
    made ??= make();
    const copied = aFolder();
    cpSync(await made, copied.folder, { recursive: true });
    return copied;
  };
};

/** The library on the store at a path, as it is opened before and after every fault. */
export const openAt = (path: string): Promise<Folja> => openFolja({ store: sqliteStore({ path }), masterKey, clock });

/** A store of its own, closed, with a unit and programs under way. */
export const aStore = copiesOf(async ({ path }) => {
  const folja = await openAt(path);
  const does = doing(folja);
  await openUnit(does);
  await startPrograms(does);
  await folja.close();
});
