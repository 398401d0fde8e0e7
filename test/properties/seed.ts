/** A seed of this run's own unless one is asked for: FOLJA_SEED=123 npx vitest run test/properties. */
export const seed = Number(process.env.FOLJA_SEED ?? Math.floor(Math.random() * 2 ** 31));
