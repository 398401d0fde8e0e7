/** Asks for the clinician's and the resident's dashboards, page by page, and reads a refusal with fp-ts. */
import type { Page } from 'folja';
import * as E from 'fp-ts/lib/Either.js';
import { done, midwife, nurse, openWithUnits, parent, startProgram } from './setUp.ts';

type Row = { readonly name: string; readonly title: string; readonly flags: readonly { readonly count: number }[] };
type Mine = { readonly title: string; readonly readable: boolean; readonly unread: number };
type Module = { readonly title: string; readonly progress: string };

const folja = await openWithUnits();
const programId = await startProgram(folja);
const section = { programId, moduleId: 'kapitel-1', sectionId: 'avsnitt-1' };
done(await folja.execute({ type: 'complete-section', data: section }, parent));

// A page has rows, a cursor while there are more, and the position in the log that it shows.
let cursor: string | undefined;
do {
  const query = { view: 'overview', tab: 'mine', limit: 50, ...(cursor === undefined ? {} : { cursor }) };
  const page = done(await folja.view(query, midwife)) as Page<Row>;
  for (const { name, title, flags } of page.rows) console.log(`Mina: ${name}, ${title}, ${flags.length} flag`);
  cursor = page.next;
} while (cursor !== undefined);

const hantera = done(await folja.view({ view: 'program', programId }, midwife)) as { modules: readonly Module[] };
for (const { title, progress } of hantera.modules.slice(0, 2)) console.log(`Hantera: ${title}: ${progress}`);

const own = done(await folja.view({ view: 'my-programs' }, parent)) as Page<Mine>;
for (const { title, unread } of own.rows) console.log(`The parent's own: ${title}, ${unread} unread`);

// Nobody else learns that the program is there.
const foreign = await folja.view({ view: 'program', programId }, nurse);
const told = E.match(
  (problem) => JSON.stringify(problem),
  () => 'shown',
)(foreign);
console.log(`Another unit: ${told}`);

await folja.close();
