import { Session } from 'node:inspector/promises';

/** A place in the code at which a sample was taken: where it is, and who called it, from the inside out. */
export type Sample = { readonly microseconds: number; readonly frames: readonly Frame[] };
export type Frame = { readonly name: string; readonly file: string };

type Nodes = Awaited<ReturnType<Session['post']>> & {
  readonly profile: {
    readonly nodes: readonly {
      readonly id: number;
      readonly callFrame: { readonly functionName: string; readonly url: string };
      readonly children?: readonly number[];
    }[];
    readonly samples?: readonly number[];
    readonly timeDeltas?: readonly number[];
  };
};

/** Fewer microseconds between two samples, and the profile itself takes too much. */
const interval = 250;

const fileOf = (url: string): string => /(?:src|bench|node_modules)\/.*/.exec(url)?.[0] ?? url;

const samplesOf = ({ profile }: Nodes): readonly Sample[] => {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const framesOf = (id: number | undefined): readonly Frame[] => {
    const frames: Frame[] = [];
    for (let at = id; at !== undefined; at = parents.get(at)) {
      const node = nodes.get(at);
      if (node !== undefined) frames.push({ name: node.callFrame.functionName, file: fileOf(node.callFrame.url) });
    }
    return frames;
  };
  const known = new Map(profile.nodes.map(({ id }) => [id, framesOf(id)]));
  const { samples = [], timeDeltas = [] } = profile;
  return samples.map((id, index) => ({ microseconds: timeDeltas[index] ?? 0, frames: known.get(id) ?? [] }));
};

/** Does some work, and takes samples of where this process is meanwhile. */
export const sampled = async (work: () => Promise<void>): Promise<readonly Sample[]> => {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval });
    await session.post('Profiler.start');
    await work();
    return samplesOf((await session.post('Profiler.stop')) as unknown as Nodes);
  } finally {
    session.disconnect();
  }
};
