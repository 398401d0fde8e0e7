import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { append, aStream, clientOf, events, revisionsIn } from './clients.ts';
import { createLog } from './log.ts';
import type { Proposed } from './rules.ts';

const anEvent = (id: string): Proposed => ({
  id,
  type: 'happened',
  isJson: true,
  data: Buffer.from('{}'),
  metadata: Buffer.alloc(0),
});

describe('a log that remembers few ids', () => {
  test('P4 forgets the oldest of them for appends that expect nothing, and none for those that expect a revision', () => {
    const log = createLog({ memory: 500 });
    log.append('s', 'any', [anEvent('first')]);
    expect(log.append('s', 'any', [anEvent('first')])).toMatchObject({ kind: 'written', last: 0 });
    for (let index = 0; index < 40; index += 1) log.append('s', 'any', [anEvent(`${index}`)]);
    expect(log.append('s', 'any', [anEvent('39')])).toMatchObject({ kind: 'written', last: 40 });
    expect(log.append('s', 'no_stream', [anEvent('first')])).toMatchObject({ kind: 'written', last: 0 });
    expect(log.append('s', 'any', [anEvent('first')])).toMatchObject({ kind: 'written', last: 41 });
  });

  test('P7 has positions that rise, with gaps', () => {
    const log = createLog();
    for (let index = 0; index < 50; index += 1) log.append(`s${index % 3}`, 'any', [anEvent(`${index}`)]);
    const records = log.records();
    expect(
      records.every(({ position, next }, index) => position < next && next <= (records[index + 1]?.position ?? next)),
    ).toBe(true);
    expect(records.some(({ next }, index) => next < (records[index + 1]?.position ?? next))).toBe(true);
  });
});

describe('a model server in a process of its own', () => {
  const start = async () => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url)), '0']);
    const [line] = await once(child.stdout, 'data');
    const { port } = JSON.parse(String(line)) as { readonly port: number };
    return { child, port };
  };

  test('says where it is, serves, and ends when it is told to or nobody is there any more', async () => {
    const [told, left] = await Promise.all([start(), start()]);
    const client = clientOf(`esdb://127.0.0.1:${told.port}?tls=false`);
    const stream = aStream();
    await append(client, stream, 'no_stream', events(2));
    expect(await revisionsIn(client, stream)).toEqual([0, 1]);
    await client.dispose();
    told.child.kill('SIGTERM');
    left.child.stdin.end();
    expect(await Promise.all([told, left].map(async ({ child }) => (await once(child, 'close'))[0]))).toEqual([0, 0]);
  });
});
