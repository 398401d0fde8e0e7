import { expect } from 'vitest';
import type { Actor, Problem } from '../../src/index.ts';
import { at, maternity } from './people.ts';
import { leftOf, type World } from './world.ts';

/** A word that is to come back nowhere. */
export const canary = 'Kanariefågel';

const b = at(maternity, 'b');

/** How input reaches the library. */
export type Send = (world: World, input: unknown) => Promise<Problem>;

/** Input as a host that checks nothing would hand it on. */
export const asCommand: Send = async ({ folja }, input) => leftOf(await folja.execute(input as never, b), 'execute');
export const asQuery: Send = async ({ folja }, input) => leftOf(await folja.view(input as never, b), 'view');
export const asActor: Send = async ({ folja }, input) =>
  leftOf(await folja.execute({ type: 'sign-in', data: { unitId: maternity.unitId } }, input as Actor), 'execute');
export const asAsker: Send = async ({ folja }, input) =>
  leftOf(await folja.view({ view: 'units' }, input as Actor), 'view');
const asData: Send = async ({ folja }, input) =>
  leftOf(await folja.execute({ type: 'reply', data: input as object }, b), 'execute');

export const everywhere: Readonly<Record<string, Send>> = { asCommand, asQuery, asActor, asAsker, asData };

/** A problem that says where input is wrong and how, and nothing of what it was. */
export const expectClean = (problem: Problem, ...secrets: readonly string[]): void => {
  expect(problem.kind).toBe('invalid');
  const { issues } = problem as Extract<Problem, { kind: 'invalid' }>;
  expect(issues.length).toBeGreaterThan(0);
  expect(issues.length).toBeLessThanOrEqual(20);
  for (const issue of issues) {
    expect(Object.keys(issue).toSorted()).toEqual(['code', 'path']);
    expect(issue.code).toMatch(/^[a-z][a-z-]{1,40}$/);
    expect(issue.path.length).toBeLessThan(200);
  }
  const told = JSON.stringify(problem);
  for (const secret of secrets) expect(told).not.toContain(secret);
};
