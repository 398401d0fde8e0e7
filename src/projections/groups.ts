import { absences } from './absences.ts';
import { activityPlans } from './activityPlans.ts';
import { auditLog } from './auditLog.ts';
import type { Group } from './checkpoints.ts';
import { comments } from './comments.ts';
import { conversations } from './conversations.ts';
import { duties } from './duties.ts';
import { enabledTemplates } from './enabledTemplates.ts';
import { flags } from './flags.ts';
import { followUps } from './followUps.ts';
import { forms } from './forms.ts';
import { handovers } from './handovers.ts';
import { logChecks } from './logChecks.ts';
import { logYears } from './logYears.ts';
import { modules } from './modules.ts';
import { programs } from './programs.ts';
import type { Projection } from './projection.ts';
import { staff } from './staff.ts';
import { statistics } from './statistics.ts';
import { templates } from './templates.ts';
import { units } from './units.ts';

/** Read models that move in the transaction of every append. */
const inlineProjections: readonly Projection[] = [
  programs,
  modules,
  conversations,
  forms,
  comments,
  flags,
  absences,
  handovers,
  units,
  staff,
  templates,
  duties,
  statistics,
  activityPlans,
  followUps,
  enabledTemplates,
  logChecks,
  logYears,
];

/** Groups of read models that move together, each with a checkpoint of its own. The audit log may lag; it is caught up before it answers. */
export const groups: Readonly<Record<Group, readonly Projection[]>> = { inline: inlineProjections, audit: [auditLog] };
