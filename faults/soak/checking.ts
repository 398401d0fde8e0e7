import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Engine } from '../../src/eventStore/engine.ts';
import { openFolja } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import type { Acknowledged } from './saying.ts';

type MasterKey = Parameters<typeof openFolja>[0]['masterKey'];

/** What a verification came to: whether all is well, and the kinds of problems. */
export type Verified = { readonly ok: boolean; readonly problems: readonly string[] };

const folja = join(import.meta.dirname, '../../src/cli/folja.ts');

/** `folja verify`, as an operator runs it. */
export const verified = async (path: string): Promise<Verified> => {
  const args = ['--no-warnings', folja, 'verify', '--store', path, '--json', '--quiet'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (bytes: Buffer) => {
    printed += bytes.toString();
  });
  const [code] = await once(child, 'close');
  if (printed === '') return { ok: false, problems: ['it printed nothing'] };
  const { problems } = JSON.parse(printed) as { readonly problems: readonly { readonly kind: string }[] };
  return { ok: code === 0, problems: [...new Set(problems.map(({ kind }) => kind))] };
};

const pageSize = 1_000;

const placeOf = ({ id, stream, revision, position }: Acknowledged): string => `${position} ${stream} ${revision} ${id}`;

/** How many of the acknowledged commands are not where they were said to be; one that was sent twice is one. */
const countLost = async ({ events }: Engine, acknowledged: readonly Acknowledged[]): Promise<number> => {
  const missing = new Set(acknowledged.map(placeOf));
  for (let after = 0; ; ) {
    const page = await events.readAll(after, pageSize)();
    if (page._tag === 'Left' || page.right.length === 0) return missing.size;
    for (const { position, stream, revision, cause } of page.right)
      missing.delete(placeOf({ position, stream, revision, id: cause.commandId }));
    after = page.right.at(-1)?.position ?? after;
  }
};

/** Opens the store once more, finishes what was begun, and looks for every acknowledged command; how many events there are besides. */
export const lostOf = async (path: string, masterKey: MasterKey, acknowledged: readonly Acknowledged[]) => {
  let engine: Engine | undefined;
  const store = sqliteStore({ path });
  const opened = await openFolja({
    store: { open: async (...given) => (engine = await store.open(...given)) },
    masterKey,
  });
  const lost = await countLost(engine as Engine, acknowledged);
  const last = await (engine as Engine).events.lastPosition()();
  await opened.close();
  return { lost, events: last._tag === 'Right' ? last.right : 0 };
};
