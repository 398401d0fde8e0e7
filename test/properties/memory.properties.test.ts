import { inMemory } from './stores.ts';
import { invariants } from './suite.ts';

invariants({ name: 'the store in memory', open: inMemory, mostSteps: 40, atLeast: {} });
