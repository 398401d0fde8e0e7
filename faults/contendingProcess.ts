import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Engine } from '../src/eventStore/engine.ts';
import { openFolja } from '../src/index.ts';
import { sqliteStore } from '../src/sqlite.ts';
import { anEvent } from '../test/eventStore/events.ts';
import { clock, masterKey, programs } from './region.ts';

// A process of its own that appends to the same streams as others do, until it has succeeded so many times: it reads the head, expects it, and
// tries again when somebody else was first. It says what it was told that it had written, before it goes on. Told to look away, it takes its
// time, appends whatever the head is by then, and believes that it wrote where it meant to.
type Told = { readonly path: string; readonly count: number; readonly looksAway: boolean };
const { path, count, looksAway } = JSON.parse(process.argv[2] ?? '{}') as Told;

let opened: Engine | undefined;
const store = sqliteStore({ path });
const folja = await openFolja({
  store: { open: async (...given) => (opened = await store.open(...given)) },
  ...{ masterKey, clock },
});
const { events } = opened as Engine;

const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);

const aComment = () => {
  const event = anEvent({ type: 'comment-made' });
  return { ...event, data: { moduleId: 'steg-1', sectionId: 'avsnitt-1', commentId: event.id } };
};

const appendOnce = async (program: string): Promise<boolean> => {
  const stream = `program-${program}`;
  const history = await events.read(stream)();
  if (history._tag === 'Left') return false;
  const head = history.right.length - 1;
  const event = aComment();
  if (looksAway) await wait(2);
  const result = await events.append(stream, looksAway ? 'any' : head, [event])();
  if (result._tag === 'Right') {
    const [{ revision, position } = { revision: -1, position: -1 }] = result.right;
    say({ id: event.cause.commandId, stream, revision: looksAway ? head + 1 : revision, position });
    return true;
  }
  if (result.left.kind !== 'revision-conflict') say({ wrong: result.left.kind });
  else say({ lost: stream });
  return false;
};

// All writers begin together, when their parent says so.
writeSync(1, 'ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();
for (let [written, tried] = [0, 0]; written < count; tried += 1)
  if (await appendOnce(programs[tried % programs.length] as string)) written += 1;
await folja.close();
