import * as E from 'fp-ts/lib/Either.js';
import type { PendingErasure } from '../../eventStore/eventStore.ts';
import { nodeTablesOf } from '../../eventStore/eventStoreDb/nodeTables.ts';
import type { Looked } from '../looking.ts';
import { type Finding, findingsAbout } from './finding.ts';
import { epochFindings } from './keys.ts';

/** What is left where this node's own file is clean: other nodes, and a scavenge. */
const waitsOf = (tables: ReturnType<typeof nodeTablesOf>, { stream }: PendingErasure): readonly string[] => [
  ...tables.uncleaned(stream).map((nodeId) => `node ${nodeId}`),
  ...(tables.isScavenged(stream) ? [] : ['folja scavenge']),
];

/** How this node of a cluster stands to the others, as far as it has followed. */
export const nodeFindings = async ({ db, events }: Looked): Promise<readonly Finding[]> => {
  const tables = nodeTablesOf(db);
  const found = findingsAbout('node');
  const pending = await events.pendingErasures()();
  const erasures = E.isRight(pending) ? pending.right.filter(({ stage }) => stage === 'verified') : [];
  return [
    found('id', tables.fact('node-id') ?? 'none'),
    ...tables
      .allNodes()
      .map(({ nodeId, retiredAt }) =>
        found('node of the cluster', `${nodeId}${retiredAt === null ? '' : ' (retired)'}`),
      ),
    ...erasures.map((erasure) =>
      found('clean here', `${erasure.stream} waits for ${waitsOf(tables, erasure).join(', ') || 'its certificate'}`),
    ),
  ];
};

/** Which master keys wrap the keys of a cluster; the keys themselves lie there. */
export const clusterKeyFindings = ({ db }: Pick<Looked, 'db'>): readonly Finding[] =>
  epochFindings('keys', nodeTablesOf(db).keyEpochs());
