import { openReadOnly } from '../../eventStore/sqliteReadOnly.ts';
import { keyCounts } from '../../privacy/sqliteKeyCounts.ts';
import { keyFileApplicationId, keyFileTables, keyFileUserVersion } from '../../privacy/sqliteKeyFile.ts';
import { fileFindings } from './files.ts';
import { type Finding, findingsAbout } from './finding.ts';

const about = 'key file';

type Epochs = ReturnType<typeof keyCounts>['epochs'];

/** Which master keys wrap how many keys; more than one only while a rotation is under way. */
export const epochFindings = (of: string, epochs: Epochs): readonly Finding[] => {
  const found = findingsAbout(of);
  const inUse = epochs.filter(({ keys }) => keys > 0);
  return [
    ...epochs.map(({ id, keys }) => found('master key', `${id} wraps ${keys} keys`)),
    found(
      'master keys in use',
      inUse.length,
      inUse.length > 1 ? 'a rotation of the master key is not finished: run folja rotate-key again' : undefined,
    ),
  ];
};

/** What the key file is like, and which master keys wrap what is in it; no key is opened. */
export const keyFindings = async (path: string, storeId: string): Promise<readonly Finding[]> => {
  const file = await openReadOnly({
    ...{ path, name: about },
    ...{ applicationId: keyFileApplicationId, userVersion: keyFileUserVersion },
  });
  try {
    const counts = keyCounts(file.db);
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
      ...epochFindings(about, counts.epochs),
      findingsAbout(about)('keys destroyed', counts.destroyed),
    ];
  } finally {
    file.db.close();
  }
};
