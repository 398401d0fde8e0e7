import { inMemoryStore } from '../../src/eventStore/inMemory.ts';
import { asPrepared, masterKey, noReadModels } from './builders.ts';
import { eventStoreContract } from './contract.ts';

eventStoreContract('the store in memory', async (prepare = noReadModels) => {
  const engine = await inMemoryStore().open(masterKey, asPrepared(prepare));
  return { engine, close: () => engine.events.close() };
});
