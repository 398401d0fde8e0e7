import type { z } from 'zod';
import type { CommandOf } from '../domain/decider.ts';
import { handoverCommands } from '../domain/handover/commands.ts';
import { handoverEvents } from '../domain/handover/events.ts';
import { programCommands } from '../domain/program/commands.ts';
import { programEvents } from '../domain/program/events.ts';
import { templateCommands } from '../domain/template/commands.ts';
import { templateEvents } from '../domain/template/events.ts';
import { unitCommands } from '../domain/unit/commands.ts';
import { unitEvents } from '../domain/unit/events.ts';
import { accessEvents } from './accessEvents.ts';

/** Every command that a host may send, by type. */
export const commandSchemas = { ...unitCommands, ...templateCommands, ...programCommands, ...handoverCommands };
export type CommandType = keyof typeof commandSchemas;
export type Command = CommandOf<typeof commandSchemas>;

/** Every event that may be stored, by type: names are unique across aggregates. */
export const eventShapes = { ...unitEvents, ...templateEvents, ...programEvents, ...handoverEvents, ...accessEvents };
export type EventType = keyof typeof eventShapes;
/** The data of an event, by its type. */
export type EventShapeOf<Type extends EventType> = z.infer<(typeof eventShapes)[Type]['data']>;
