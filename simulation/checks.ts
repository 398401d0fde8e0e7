import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Folja } from 'folja';
import { purge } from './administration.ts';
import type { Rows } from './calling.ts';
import type { History, Told } from './history.ts';
import { auditor, marker, region, type StaffActor } from './people.ts';
import type { Life } from './program.ts';
import type { Unit } from './region.ts';

/** What one check found; `wrong` is empty when it holds. */
export type Finding = { readonly name: string; readonly looked: number; readonly wrong: readonly string[] };

type Checked = { readonly life: Life; readonly folja: Folja; readonly history: History; readonly folder: string };

const some = (wrong: readonly string[]): readonly string[] => wrong.slice(0, 5);

const everyEvent = ({ history }: Checked): Finding => {
  const faults = [...history.programs.values()].flatMap(({ programId, faults: of }) =>
    of.map((fault) => `${programId} ${fault}`),
  );
  return {
    name: 'every event was allowed where it happened (I06 I10 I13 I15 I19–I21 I25)',
    looked: history.last(),
    wrong: some(faults),
  };
};

const noGaps = ({ history }: Checked): Finding => ({
  name: 'the log has no gaps',
  looked: history.last(),
  wrong: some(history.gaps.map((position) => `before position ${position}`)),
});

type OverviewRow = { readonly programId: string; readonly clinician: { readonly hsaId: string } };

const idsOf = (rows: readonly { readonly programId: string }[]): string =>
  rows
    .map(({ programId }) => programId)
    .toSorted()
    .join(' ');

const tabsOf = async ({ life: { calling } }: Checked, { coordinator }: Unit) => {
  const tab = (name: string) => calling.list<OverviewRow>({ view: 'overview', tab: name }, coordinator);
  return { all: await tab('all'), ended: await tab('ended'), handovers: await tab('handovers') };
};

const overviews = async (checked: Checked): Promise<Finding> => {
  const wrong: string[] = [];
  const told = [...checked.history.programs.values()];
  for (const unit of checked.life.units) {
    const shown = await tabsOf(checked, unit);
    const of = (state: Told['state']) => told.filter(({ unitId, state: is }) => unitId === unit.unitId && is === state);
    if (idsOf(shown.all) !== idsOf(of('ongoing'))) wrong.push(`${unit.unitId}: Alla`);
    if (idsOf(shown.ended) !== idsOf(of('ended'))) wrong.push(`${unit.unitId}: Avslutade`);
    if (idsOf(shown.handovers) !== idsOf(told.filter(({ pending }) => pending?.toUnit === unit.unitId))) {
      wrong.push(`${unit.unitId}: Överlämningar`);
    }
    const clinicians = new Map(told.map(({ programId, clinician }) => [programId, clinician]));
    for (const { programId, clinician } of shown.all)
      if (clinicians.get(programId) !== clinician.hsaId) wrong.push(`${programId}: its clinician`);
  }
  return {
    name: 'each unit sees its own programs, each with one clinician (I04 I17)',
    looked: told.length,
    wrong: some(wrong),
  };
};

const overview = (...tabs: readonly string[]) => tabs.map((tab) => ({ view: 'overview', tab }));
const named = (...views: readonly string[]) => views.map((view) => ({ view }));
const listsOf = {
  administrator: [...overview('ended'), ...named('purge-list', 'staff', 'templates', 'statistics')],
  coordinator: [...overview('all', 'ended', 'handovers'), ...named('caseload', 'staff')],
  clinician: [...overview('mine', 'all'), ...named('documentation')],
};

/** What everybody sees in the lists of their unit, and some programs in detail; not where in the log it was seen. */
const sightOf = async ({ life }: Checked): Promise<string> => {
  const { calling, units, programs } = life;
  const hash = createHash('sha256');
  const add = async (queries: readonly { readonly view: string }[], actor: StaffActor): Promise<void> => {
    for (const query of queries) hash.update(JSON.stringify(await calling.list(query, actor)));
    hash.update(JSON.stringify((await calling.see({ view: 'profile' }, actor)) ?? 'not shown'));
  };
  for (const { administrator, coordinator, clinicians } of units) {
    await add(listsOf.administrator, administrator);
    await add(listsOf.coordinator, coordinator);
    for (const clinician of clinicians) await add(listsOf.clinician, clinician);
  }
  const shown = [...programs.values()].filter(({ state }) => state === 'ongoing').slice(0, 200);
  for (const { programId, unit } of shown) {
    // Whoever is responsible may have left; a colleague sees the same.
    const [colleague] = unit.clinicians;
    if (colleague === undefined) continue;
    hash.update(JSON.stringify((await calling.see({ view: 'program', programId }, colleague)) ?? 'not shown'));
    hash.update(JSON.stringify(await calling.list({ view: 'timeline', programId }, colleague)));
  }
  return hash.digest('hex');
};

const rebuilt = async (checked: Checked, onProgress: (done: number, total: number) => void): Promise<Finding> => {
  const before = await sightOf(checked);
  const { events } = await checked.folja.rebuild({ onProgress });
  const after = await sightOf(checked);
  const wrong = before === after ? [] : ['what the views show is another after the rebuild'];
  return { name: 'the views equal those of a rebuild', looked: events, wrong };
};

const statistics = async (checked: Checked): Promise<Finding> => {
  const { calling, units } = checked.life;
  const look = async () => JSON.stringify(await calling.list({ view: 'statistics' }, region));
  const before = await look();
  for (const unit of units) await purge(checked.life, unit);
  const wrong = (await look()) === before ? [] : ['a purge changed the statistics'];
  return { name: 'statistics are the same before and after purges (I27)', looked: units.length, wrong };
};

/** What nobody sent: what the clock does, and what the library does by itself. */
const ownWork: ReadonlySet<string> = new Set(['clock', 'operations']);

/** Every call leaves one entry; a flood of refusals is one entry with a count (I23). */
const audit = async ({ life: { calling } }: Checked): Promise<Finding> => {
  const expected = calling.tally.calls;
  let counted = 0;
  let cursor: string | undefined;
  let ownPages = 0;
  do {
    const query = { view: 'audit', perspective: 'provider', limit: 200, ...(cursor === undefined ? {} : { cursor }) };
    const page: Rows | undefined = await calling.see<Rows>(query, auditor);
    ownPages += 1;
    for (const { count = 1, actor } of page?.rows ?? []) counted += ownWork.has(String(actor)) ? 0 : Number(count);
    cursor = page?.next;
  } while (cursor !== undefined);
  const wrong = counted === expected ? [] : [`${expected} calls and ${counted} entries, ${ownPages} pages read`];
  return { name: 'every call has its entry in the audit log (I23)', looked: counted, wrong };
};

const outcomes = ({ life: { calling } }: Checked): Finding => {
  const { failures, differing, calls } = calling.tally;
  const repeats = differing === 0 ? [] : [`${differing} repeated commands got another receipt`];
  return {
    name: 'no call failed, and every repeat got its first receipt',
    looked: calls,
    wrong: some([...failures, ...repeats]),
  };
};

const inClear = ({ folder }: Checked): Finding => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => ({ name, bytes: readFileSync(join(parentPath, name)) }));
  const looksFor = [Buffer.from(marker, 'utf8'), Buffer.from(marker, 'latin1'), Buffer.from(marker, 'utf16le')];
  const found = files.filter(({ bytes }) => looksFor.some((needle) => bytes.includes(needle)));
  const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return { name: 'no personal text lies in clear in the files', looked: size, wrong: found.map(({ name }) => name) };
};

/** Everything that has to hold at the end of the year. */
export const checkAll = async (
  checked: Checked,
  onProgress: (done: number, total: number) => void,
): Promise<readonly Finding[]> => [
  everyEvent(checked),
  noGaps(checked),
  await overviews(checked),
  await statistics(checked),
  await rebuilt(checked, onProgress),
  await audit(checked),
  outcomes(checked),
  inClear(checked),
];
