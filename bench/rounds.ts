/** What one round of something took. */
export type Round = { readonly units: number; readonly milliseconds: number; readonly cpuMicroseconds: number };

/** Does a round's worth of work, and gives back how many units it were; or the round itself, where only a part of it counts. */
export type Side = () => number | Round | Promise<number | Round>;

/** Told how far something has come. */
export type Tell = (done: number, total: number) => void;

/** Rounds of a work and of its floor, in the order in which they were run. */
export type Paired = { readonly floor: readonly Round[]; readonly work: readonly Round[] };

/** The value below which a part of the numbers lies. */
export const quantile = (numbers: readonly number[], part: number): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor((numbers.length - 1) * part)] ?? Number.NaN;

/** The middle one of some numbers. */
export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** Measures one round: its time, and the CPU of this process. */
export const roundOf = async (side: Side): Promise<Round> => {
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  const units = await side();
  if (typeof units !== 'number') return units;
  const milliseconds = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return { units, milliseconds, cpuMicroseconds: user + system };
};

/** How often both sides are done, each once before that is not counted unless told. */
export type Rounds = { readonly rounds: number; readonly isWarm?: boolean };

/** Does a floor and a work in turn, so that a busy moment of the machine hits both. */
export const inTurn = async (
  floor: Side,
  work: Side,
  { rounds, isWarm = false }: Rounds,
  tell: Tell = () => undefined,
): Promise<Paired> => {
  if (!isWarm) for (const side of [floor, work]) await side();
  const done: { floor: Round[]; work: Round[] } = { floor: [], work: [] };
  for (let round = 0; round < rounds; round += 1) {
    done.floor.push(await roundOf(floor));
    done.work.push(await roundOf(work));
    tell(round + 1, rounds);
  }
  return done;
};

/** Units of a round in a second. */
export const perSecond = ({ units, milliseconds }: Round): number => (units * 1_000) / milliseconds;

/** Milliseconds of one unit of a round. */
export const millisecondsEach = ({ units, milliseconds }: Round): number => milliseconds / units;

/** CPU of one unit over all rounds. */
export const cpuEach = (rounds: readonly Round[]): number => {
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0);
  return sum(({ cpuMicroseconds }) => cpuMicroseconds) / sum(({ units }) => units);
};
