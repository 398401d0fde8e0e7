import { eventStoreContract } from './contract.ts';
import { openInDirectory } from './sqliteBuilders.ts';

eventStoreContract('the store in SQLite', openInDirectory);
