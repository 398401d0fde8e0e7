/**
 * The seed of the random runs: the same each time, so that a change is told from chance. Another finds other runs:
 * `FOLJA_SEED=123 npx vitest run test/compliance`, or `npm run test:long`, which draws one.
 */
export const seed = Number(process.env.FOLJA_SEED ?? 1177);
