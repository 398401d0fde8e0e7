/** A process that opens a new node of a store, or its file, and prints what that took, and its memory, as one line of JSON. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreDbStore } from '../src/eventStoreDb.ts';
import { openFolja } from '../src/index.ts';
import { sqliteStore } from '../src/sqlite.ts';
import { benchKey } from './lives.ts';

const {
  FOLJA_BENCH_FILE: path,
  FOLJA_BENCH_CONNECTION: connection = '',
  FOLJA_BENCH_PREFIX: prefix = '',
} = process.env;
const folder = mkdtempSync(join(tmpdir(), 'folja-bench-node-'));
const store =
  path === undefined
    ? eventStoreDbStore({ connection, prefix, readModelPath: join(folder, 'node.db') })
    : sqliteStore({ path });
const before = process.memoryUsage().rss;
const began = performance.now();
const folja = await openFolja({ store, masterKey: benchKey });
const milliseconds = performance.now() - began;
const { length: events } = await folja.audit.head();
const { rss } = process.memoryUsage();
process.stdout.write(`${JSON.stringify({ milliseconds, events, rss, more: rss - before })}\n`);
await folja.close();
rmSync(folder, { recursive: true });
