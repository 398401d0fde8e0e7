import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Random } from '../simulation/random.ts';
import type { Deed } from './recording.ts';

const sector = 512;
/** What becomes of a write that was not synced: else it is dropped. */
const odds = { kept: 0.4, torn: 0.2 } as const;

/** A file as the disk has it, and what was done to it since it was last synced. */
type Node = { bytes: Buffer; readonly unsynced: Deed[] };
type Names = Map<string, Node>;
/** What a machine has written down of a folder. */
type Machine = { readonly names: Names; readonly unsyncedNames: Map<string, Deed[]>; readonly durable: Names };

/** What is on the disk of a machine that lost its power, and what it had said until then. */
export type Cut = {
  readonly files: ReadonlyMap<string, Buffer>;
  /** The lines that were printed before. */
  readonly told: readonly string[];
  /** How many writes and names were not kept whole. */
  readonly missing: number;
};

const written = (bytes: Buffer, { offset, bytes: piece }: Pick<Deed, 'offset' | 'bytes'>): Buffer => {
  const whole = bytes.length >= offset + piece.length ? bytes : Buffer.alloc(offset + piece.length);
  if (whole !== bytes) bytes.copy(whole);
  piece.copy(whole, offset);
  return whole;
};

const cutTo = (bytes: Buffer, length: number): Buffer => {
  const cut = Buffer.alloc(length);
  bytes.copy(cut);
  return cut;
};

const done = (bytes: Buffer, deed: Deed): Buffer =>
  deed.kind === 'truncate' ? cutTo(bytes, deed.offset) : written(bytes, deed);

/** A write up to a sector in it; undefined where it lies in one. */
const tornIn = (deed: Deed, random: Random): Deed | undefined => {
  const first = Math.floor(deed.offset / sector) + 1;
  const last = Math.ceil((deed.offset + deed.bytes.length) / sector) - 1;
  if (deed.kind !== 'write' || last < first) return undefined;
  return { ...deed, bytes: deed.bytes.subarray(0, random.between(first, last) * sector - deed.offset) };
};

const fateOf = (deed: Deed, random: Random): Deed | undefined => {
  if (random.happens(odds.kept)) return deed;
  return random.happens(odds.torn / (1 - odds.kept)) ? tornIn(deed, random) : undefined;
};

const named = (names: Names, { kind, path, bytes }: Deed, node: Node | undefined): void => {
  if (kind === 'create' && node !== undefined) names.set(path, node);
  if (kind === 'unlink' || kind === 'rename') names.delete(path);
  if ((kind === 'link' || kind === 'rename') && node !== undefined) names.set(bytes.toString(), node);
};

const nodeAt = ({ names }: Machine, path: string): Node => {
  const node = names.get(path);
  if (node === undefined) throw new Error('a file was written that was never made');
  return node;
};

const nameDeeds = ({ unsyncedNames }: Machine, folder: string): Deed[] => {
  const deeds = unsyncedNames.get(folder) ?? [];
  unsyncedNames.set(folder, deeds);
  return deeds;
};

/** Names become durable in their order, as a journal of a file system has them. */
const keepNames = (machine: Machine, nodes: ReadonlyMap<Deed, Node>, folder: string, count: number): void => {
  for (const deed of nameDeeds(machine, folder).splice(0, count)) named(machine.durable, deed, nodes.get(deed));
};

const sync = (machine: Machine, nodes: ReadonlyMap<Deed, Node>, path: string): void => {
  const node = machine.names.get(path);
  if (node === undefined) keepNames(machine, nodes, path, Number.POSITIVE_INFINITY);
  else for (const deed of node.unsynced.splice(0)) node.bytes = done(node.bytes, deed);
};

/** Does what a process did; gives which file each change of a name was about. */
const play = (machine: Machine, deeds: readonly Deed[]): ReadonlyMap<Deed, Node> => {
  const nodes = new Map<Deed, Node>();
  for (const deed of deeds) {
    const { kind, path } = deed;
    if (kind === 'told') continue;
    if (kind === 'sync') sync(machine, nodes, path);
    else if (kind === 'write' || kind === 'truncate') nodeAt(machine, path).unsynced.push(deed);
    else {
      const node = kind === 'create' ? { bytes: Buffer.alloc(0), unsynced: [] } : nodeAt(machine, path);
      nodes.set(deed, node);
      named(machine.names, deed, node);
      nameDeeds(machine, dirname(path)).push(deed);
    }
  }
  return nodes;
};

/** Everything that lies in a folder, by path. */
export const filesBelow = (folder: string): ReadonlyMap<string, Buffer> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('-shm'))
      .map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name))]),
  );

/** The disk after the first deeds, of which what was not synced is kept, dropped or torn; names that were not synced are kept up to one. */
const diskAfter = (before: ReadonlyMap<string, Buffer>, deeds: readonly Deed[], random: Random): Omit<Cut, 'told'> => {
  const names: Names = new Map(
    [...before].map(([path, bytes]) => [path, { bytes: Buffer.from(bytes), unsynced: [] }] as const),
  );
  const machine: Machine = { names, unsyncedNames: new Map(), durable: new Map(names) };
  const nodes = play(machine, deeds);
  let missing = 0;
  for (const [folder, changes] of machine.unsyncedNames) {
    const kept = random.happens(odds.kept) ? changes.length : random.between(0, changes.length);
    missing += changes.length - kept;
    keepNames(machine, nodes, folder, kept);
  }
  for (const node of new Set(machine.durable.values()))
    for (const deed of node.unsynced.splice(0)) {
      const fate = fateOf(deed, random);
      if (fate !== deed) missing += 1;
      if (fate !== undefined) node.bytes = done(node.bytes, fate);
    }
  return { files: new Map([...machine.durable].map(([path, { bytes }]) => [path, bytes])), missing };
};

const toldIn = (deeds: readonly Deed[]): readonly string[] =>
  Buffer.concat(deeds.filter(({ kind }) => kind === 'told').map(({ bytes }) => bytes))
    .toString()
    .split('\n')
    .filter((line) => line !== '');

/** Cuts the power at a moment of a recording that began with some files; at least one write or name of what went before is not kept whole. */
export const powerCut = (before: ReadonlyMap<string, Buffer>, deeds: readonly Deed[], random: Random): Cut => {
  for (;;) {
    const earlier = deeds.slice(0, random.between(1, deeds.length));
    const disk = diskAfter(before, earlier, random);
    if (disk.missing > 0) return { ...disk, told: toldIn(earlier) };
  }
};

/** Puts files in a folder in the place of all that lies there. */
export const layOut = (folder: string, files: ReadonlyMap<string, Buffer>): void => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
};
