import type { Frame, Sample } from './sampling.ts';

/** A stage of a command, and the code that is its: the innermost frame that belongs to any stage counts. */
type Stage = { readonly stage: string; readonly file: RegExp; readonly name?: RegExp };

const readModel =
  /^src\/projections\/(?!projection|runner|inStep|catchingUp|checkpoints)(?:notifications\/)?(\w+)\.ts$/;

const stages: readonly Stage[] = [
  { stage: 'parse', file: /^src\/(?:commands\/parse|access\/(?:input|bounded))\.ts$/ },
  {
    stage: 'recognize and authorize',
    file: /^src\/(?:access\/(?:actor|rules|residents)|commands\/authorization)\.ts$/,
  },
  { stage: 'look whether it happened before', file: /^src\/commands\/repeats\.ts$/, name: /^before$/ },
  { stage: 'fingerprint', file: /^src\/commands\/repeats\.ts$/ },
  { stage: 'histories', file: /^src\/eventStore\/histories\.ts$/ },
  { stage: 'decide', file: /^src\/(?:domain\/|commands\/plan)/ },
  { stage: 'check the shape', file: /^src\/eventStore\/shapes\.ts$/ },
  { stage: 'seal', file: /^src\/privacy\/(?:flesh|sealing|encryption|sqliteKeys|openedKeys)\.ts$/ },
  { stage: 'index of residents, year’s row', file: /^src\/(?:privacy\/|access\/subjects)/ },
  { stage: 'ids', file: /^src\/access\/ids\.ts$/ },
  { stage: 'text and digest of the event', file: /^src\/eventStore\/codec\.ts$/ },
  { stage: 'rules of the append', file: /^src\/eventStore\/(?:appendRules|knownStreams)\.ts$/ },
  { stage: 'SQL: events and flesh', file: /^src\/eventStore\/sqlite(?:Appending|Tables)\.ts$/, name: /^write/ },
  { stage: 'rules of the append', file: /^src\/eventStore\/sqlite(?:Appending|Tables)\.ts$/ },
  {
    stage: 'SQL: checkpoints',
    file: /^src\/projections\/(?:checkpoints|runner)\.ts$/,
    name: /^(?:settle|end|moveTo|beginning)$/,
  },
  { stage: 'audit tree', file: /^src\/audit\/(?:tree|merkle)\.ts$/ },
  { stage: 'anchors and heads', file: /^src\/(?:audit\/|operations\/anchoring)/ },
  { stage: 'commit (the disk among it)', file: /^src\/eventStore\/sqliteWriter\.ts$/, name: /^commit$/ },
  { stage: 'transactions', file: /^src\/eventStore\/sqlite(?:Writer|File)?\.ts$/ },
  { stage: 'between the stages', file: /^src\/(?!projections\/)/ },
  { stage: 'the bench itself', file: /^bench\// },
];

const ofEngine: ReadonlyMap<string, string> = new Map([
  ['(garbage collector)', 'garbage collector'],
  ['(program)', 'outside JavaScript'],
]);

const stageOfFrame = ({ name, file }: Frame): string | undefined => {
  const table = readModel.exec(file)?.[1];
  if (table !== undefined) return `SQL: ${table}`;
  return (
    ofEngine.get(name) ??
    stages.find((one) => one.file.test(file) && (one.name === undefined || one.name.test(name)))?.stage
  );
};

const isIdle = ({ frames }: Sample): boolean => frames[0]?.name === '(idle)';

/** What each stage took, in microseconds for one of so many, the most first; time in which nothing was to be done is left out. */
export const byStage = (
  samples: readonly Sample[],
  count: number,
): readonly (readonly [stage: string, each: number])[] => {
  const sums = new Map<string, number>();
  for (const sample of samples.filter((one) => !isIdle(one))) {
    const stage = sample.frames.map(stageOfFrame).find((found) => found !== undefined) ?? 'between the stages';
    sums.set(stage, (sums.get(stage) ?? 0) + sample.microseconds);
  }
  return [...sums].map(([stage, sum]) => [stage, sum / count] as const).sort(([, one], [, other]) => other - one);
};
