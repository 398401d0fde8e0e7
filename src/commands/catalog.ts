import { auditCommands } from '../domain/audit/commands.ts';
import type { CommandOf } from '../domain/decider.ts';
import { handoverCommands } from '../domain/handover/commands.ts';
import { programCommands } from '../domain/program/commands.ts';
import { templateCommands } from '../domain/template/commands.ts';
import { unitCommands } from '../domain/unit/commands.ts';

/** Every command that a host may send, by type. */
export const commandSchemas = {
  ...unitCommands,
  ...templateCommands,
  ...programCommands,
  ...handoverCommands,
  ...auditCommands,
};
export type CommandType = keyof typeof commandSchemas;
export type Command = CommandOf<typeof commandSchemas>;
