import * as E from 'fp-ts/lib/Either.js';
import { defaultPolicy, type Policy } from '../../domain/policy.ts';
import type { Engine } from '../../eventStore/engine.ts';
import type { Folja } from '../../folja.ts';
import { catchUp } from '../../projections/catchingUp.ts';
import type { AuditEntry } from '../shown.ts';
import { auditor, signedIn } from '../world.ts';

/** How many entries the audit log has. */
export const auditLength = async (engine: Engine): Promise<number> => {
  await catchUp(engine.events, engine.readModels, 'audit');
  return engine.readModels.prepare<[], number>('SELECT COUNT(*) FROM audit_entries').pluck().get() ?? 0;
};

/** The audit log as its auditor reads it, in order. */
export const auditOf = async (folja: Folja, policy: Policy = defaultPolicy): Promise<readonly AuditEntry[]> => {
  const entries: AuditEntry[] = [];
  for (let cursor: string | undefined; ; ) {
    const query = { view: 'audit', perspective: 'provider', limit: 200, ...(cursor === undefined ? {} : { cursor }) };
    const answer = await folja.view(query, signedIn(auditor, policy));
    if (E.isLeft(answer)) throw new Error('the audit log does not answer');
    const { rows, next } = answer.right as { rows: readonly AuditEntry[]; next?: string };
    entries.push(...rows);
    if (next === undefined) return entries.sort((one, other) => one.seq - other.seq);
    cursor = next;
  }
};
