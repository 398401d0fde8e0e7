import type { Random } from '../simulation/random.ts';
import type { Outcome } from './appending.ts';
import { untilItBites } from './biting.ts';
import { type Fault, type Tally, type Try, tallyOf } from './fault.ts';
import { acknowledgedIn } from './killedAtWrites.ts';
import { type Ended, runToEnd } from './killing.ts';
import { found } from './looking.ts';
import { aStore } from './region.ts';
import { eachTry } from './trying.ts';

const endless = 100_000;
const some = 6;
const openFiles = 64;
const heapMegabytes = 48;
const [shortest, longest] = [5, 150];

/** A shell that takes away what a process may use, and then becomes it. */
const limited = (files: number, node = ''): readonly string[] => [
  'sh',
  '-c',
  `ulimit -n ${files}; export NODE_OPTIONS="$NODE_OPTIONS ${node}"; exec "$@"`,
  'sh',
];

/** A way to be exhausted: what the process is told, what it runs under, and whether it was exhausted. */
type Way = {
  readonly told: (random: Random) => object;
  readonly under?: readonly string[];
  readonly happened: (ended: Ended) => boolean;
  readonly failures: (ended: Ended) => readonly string[];
};

const none = (): readonly string[] => [];

const isClosed = ({ lines }: Ended): boolean => lines.includes('closed');

const aSentence = 'cannot be opened: check its disk and its permissions';

const outcomesIn = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => line.includes('"outcome"')).map((line) => (JSON.parse(line) as Outcome).outcome);

/** Without new files an append is done or is not, a second opening says in a sentence that it cannot be, and afterwards all is well. */
const filesFailures = (ended: Ended): readonly string[] => {
  const { again = '' } = JSON.parse(ended.lines.find((line) => line.startsWith('{"again"')) ?? '{}') as {
    readonly again?: string;
  };
  const end = ended.lines.indexOf('EMFILE');
  const meanwhile = outcomesIn(ended.lines.slice(end)).slice(0, some);
  const others = [...outcomesIn(ended.lines.slice(0, end)), ...outcomesIn(ended.lines.slice(end)).slice(some)];
  return [
    ...meanwhile.filter((one) => !['done', 'unavailable'].includes(one)).map((one) => `without files it was ${one}`),
    ...(others.every((one) => one === 'done') ? [] : ['an append failed although there were files to open']),
    ...(again.includes(aSentence) ? [] : ['a store that cannot be opened does not say so in a sentence']),
    ...(isClosed(ended) ? [] : ['the process did not come to its end']),
  ];
};

const ways: Readonly<Record<'files' | 'memory' | 'thread', Way>> = {
  files: {
    told: () => ({ how: 'files', count: some }),
    under: limited(openFiles),
    happened: ({ lines }) => lines.includes('EMFILE'),
    failures: filesFailures,
  },
  memory: {
    told: () => ({ how: 'memory', count: endless }),
    under: limited(openFiles, `--max-old-space-size=${heapMegabytes}`),
    happened: (ended) => ended.lines.includes('open') && !isClosed(ended),
    failures: none,
  },
  thread: {
    told: ({ between }) => ({ how: 'thread', count: endless, after: between(shortest, longest) }),
    happened: ({ lines }) => lines.indexOf('ended') > lines.indexOf('open') && lines.includes('open'),
    failures: (ended) => (isClosed(ended) ? [] : ['the process did not outlive its thread']),
  },
};

const exhaust = async ({ told, under = [], ...way }: Way, random: Random, without: string): Promise<Tally> => {
  const place = await aStore();
  try {
    const given = { path: place.path, without, ...told(random) };
    const ended = await runToEnd({ file: 'exhaustedProcess.ts', told: given, under });
    const { failures, ...counts } = await found(place.path, acknowledgedIn(ended.lines));
    return tallyOf({ happened: way.happened(ended), ...counts, failures: [...way.failures(ended), ...failures] });
  } finally {
    place.remove();
  }
};

const exhausting =
  (names: readonly (keyof typeof ways)[], without: string): Try =>
  (trying) =>
    eachTry(trying, (random, index) =>
      exhaust(ways[names[(index + trying.seed) % names.length] ?? 'memory'], random, without),
    );

/** There are no files, there is no memory, or the thread is ended. */
export const exhausted: Fault = {
  id: 'F18',
  name: 'no more files can be opened, the memory of the process is used up, or its thread is ended, while it appends',
  promises: ['P1', 'P2', 'P5', 'P6', 'P7', 'P9'],
  tries: { short: 2, full: 10 },
  missing: () => (process.platform === 'win32' ? 'ulimit' : undefined),
  run: exhausting(['memory', 'files', 'thread'], 'nothing'),
  control: {
    without: 'a transaction around each append',
    tries: { short: 6, full: 12 },
    run: untilItBites(exhausting(['memory', 'thread'], 'transactions')),
  },
};
