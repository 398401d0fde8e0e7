import { openSqliteFile, type SqliteFile } from '../sqliteFile.ts';
import { nodeApplicationId } from '../storeTables.ts';
import { nodeSchema, nodeUserVersion } from './nodeSchema.ts';

/** Opens the file of a node, or makes it; throws one sentence where it belongs to another store. */
export const openNodeFile = (path: string, storeId: string): Promise<SqliteFile> =>
  openSqliteFile({
    path,
    name: 'file of read models',
    applicationId: nodeApplicationId,
    userVersion: nodeUserVersion,
    journalMode: 'wal',
    synchronous: 'full',
    schema: nodeSchema,
    storeId,
  });
