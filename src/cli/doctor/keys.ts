import { openReadOnly } from '../../eventStore/sqliteReadOnly.ts';
import { keyCounts } from '../../privacy/sqliteKeyCounts.ts';
import { keyFileApplicationId, keyFileTables, keyFileUserVersion } from '../../privacy/sqliteKeyFile.ts';
import { fileFindings } from './files.ts';
import { type Finding, findingsAbout } from './finding.ts';

const about = 'key file';

const epochFindings = (counts: ReturnType<typeof keyCounts>): readonly Finding[] => {
  const found = findingsAbout(about);
  const inUse = counts.epochs.filter(({ keys }) => keys > 0);
  return [
    ...counts.epochs.map(({ id, keys }) => found('master key', `${id} wraps ${keys} keys`)),
    found(
      'master keys in use',
      inUse.length,
      inUse.length > 1 ? 'a rotation of the master key is not finished: run folja rotate-key again' : undefined,
    ),
    found('keys destroyed', counts.destroyed),
  ];
};

/** What the key file is like, and which master keys wrap what is in it; no key is opened. */
export const keyFindings = async (path: string, storeId: string): Promise<readonly Finding[]> => {
  const file = await openReadOnly({
    ...{ path, name: about },
    ...{ applicationId: keyFileApplicationId, userVersion: keyFileUserVersion },
  });
  try {
    const isOfStore = file.storeId === storeId;
    return [
      ...fileFindings(about, file.db, { journalMode: 'persist', synchronous: 'extra' }, keyFileTables),
      findingsAbout(about)(
        'belongs to the store',
        isOfStore ? 'yes' : 'no',
        isOfStore
          ? undefined
          : 'the key file belongs to another store: give the path of the one that was made with this store',
      ),
      ...epochFindings(keyCounts(file.db)),
    ];
  } finally {
    file.db.close();
  }
};
