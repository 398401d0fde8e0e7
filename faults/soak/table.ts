import Table from 'cli-table3';
import type { Verified } from './checking.ts';
import type { Memory } from './sums.ts';

/** What a use of the store came to. */
export type Soaked = {
  readonly seed: number;
  readonly minutes: number;
  readonly commands: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly views: number;
  readonly events: number;
  readonly kills: number;
  readonly jumps: number;
  readonly purges: number;
  readonly rebuilds: number;
  readonly rotations: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly memory: Memory;
  /** Bytes that each file grew by for a thousand events. */
  readonly growth: Readonly<Record<string, number>>;
  readonly unclean: Readonly<Record<string, number>>;
  readonly verified: Verified;
};

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
const kilobytes = (bytes: number): string => `${(bytes / 2 ** 10).toFixed(1)} kB`;

const rowsOf = (soaked: Soaked): readonly (readonly [string, string | number])[] => {
  const { seed, minutes, commands, outcomes, views, events, kills, jumps, purges, rebuilds, rotations } = soaked;
  const { acknowledged, lost, memory, growth, unclean, verified } = soaked;
  const problems = verified.problems.length === 0 ? 'cannot be verified' : verified.problems.join(', ');
  return [
    ...Object.entries({ seed, minutes: minutes.toFixed(2), commands }),
    ...Object.entries(outcomes).map(([outcome, count]) => [`  ${outcome}`, count] as const),
    ...Object.entries({ views, events, kills, 'clock jumps': jumps, purges, rebuilds, rotations, acknowledged, lost }),
    ['memory at first, at last, at most', [memory.first, memory.last, memory.most].map(megabytes).join(', ')],
    ...Object.entries(growth).map(([name, bytes]) => [`${name} per 1,000 events`, kilobytes(bytes)] as const),
    ['unclean answers', Object.values(unclean).reduce((sum, count) => sum + count, 0)],
    ...Object.entries(unclean).map(([what, count]) => [`  ${what}`, count] as const),
    ['folja verify', verified.ok ? 'nothing is wrong' : problems],
  ];
};

/** One table of it all. */
export const tableOf = (soaked: Soaked): string => {
  const table = new Table({ style: { head: [], border: [], compact: true } });
  table.push(...rowsOf(soaked).map(([what, value]) => [what, String(value)]));
  return table.toString();
};

/** Whether everything held. */
export const holds = ({ lost, unclean, verified, acknowledged }: Soaked): boolean =>
  acknowledged > 0 && lost === 0 && Object.keys(unclean).length === 0 && verified.ok;
