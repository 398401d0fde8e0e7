/**
 * Writes the golden file of each event type that has none yet: `node test/golden/make.ts`. A file that is there is never written again: it
 * is what some store out there holds. A type whose shape gets a new version gets another file, beside the first.
 */
import { existsSync, writeFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { encode } from '../../src/eventStore/codec.ts';
import type { Engine } from '../../src/eventStore/engine.ts';
import { eventShapes } from '../../src/eventStore/shapes.ts';
import { type CommandInput, inMemoryStore, openFolja, type Store } from '../../src/index.ts';
import { lifeOf } from '../library/life.ts';
import { at, factsAt, maternity } from '../library/people.ts';
import { goldenFile } from './goldenFile.ts';

let engine: Engine | undefined;
const memory = inMemoryStore();
const store: Store = { open: async (...given) => (engine = await memory.open(...given)) };
const clock = () => new Date('2026-03-02T08:00:00.000Z');
const folja = await openFolja({ store, clock, masterKey: new Uint8Array(32).fill(7) });
for (const { type, data, actor, id } of [...lifeOf(), ...lifeOf().slice(0, 1)])
  await folja.execute({ type, data, id } as CommandInput, actor);
const staff = { ...factsAt(maternity, 'b2'), trainings: ['platform'] };
const change = { type: 'register-staff', data: { unitId: maternity.unitId, staff } };
await folja.execute({ ...change, id: '0195d3a0-0000-7000-8000-000000009001' }, at(maternity, 'ba'));
await folja.view({ view: 'overview', tab: 'mine' }, at(maternity, 'b'));
await folja.view({ view: 'overview', tab: 'mine' }, at(maternity, 'da'));
await folja.audit.verify();

const stored = await (engine as Engine).events.readAll(0, 100_000)();
if (E.isLeft(stored)) throw new Error(stored.left.kind);
for (const type of Object.keys(eventShapes)) {
  const event = stored.right.findLast((one) => one.type === type);
  if (event === undefined) throw new Error(`the life of the tests has no ${type}`);
  const { position: _, ...first } = event;
  const { body, digest } = encode(first);
  const file = goldenFile(type, event.version ?? 1);
  if (!existsSync(file)) writeFileSync(file, `${JSON.stringify({ body, digest: digest.toString('hex') }, null, 2)}\n`);
}
await folja.close();
