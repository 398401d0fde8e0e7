import { writeFileSync, writeSync } from 'node:fs';
import { seeded } from '../simulation/random.ts';
import { type Lived, liveUnder } from './underClock.ts';

// A process of its own whose system clock is made up (libfaketime), and turned by itself while the library runs in it: it lives for some steps
// and says what came of them. The library is given no clock.
type Told = {
  readonly path: string;
  readonly clockFile: string;
  readonly seed: number;
  readonly byTime: boolean;
};
const { path, clockFile, seed, byTime } = JSON.parse(process.argv[2] ?? '{}') as Told;

const clock = {
  now: () => new Date(),
  turnTo: (at: Date): void => writeFileSync(clockFile, `@${at.toISOString().slice(0, 19).replace('T', ' ')}\n`),
  option: {},
};
clock.turnTo(new Date('2026-03-02T08:00:00.000Z'));
const { turns, acknowledged, failures }: Lived = await liveUnder(clock, path, seeded(seed), byTime);
writeSync(1, `${JSON.stringify({ turns, acknowledged, failures })}\n`);
