import * as E from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import type { Plain } from '../access/bounded.ts';
import { issuesOf, type Read, type Reading, readPlain } from '../access/input.ts';
import { Uuid } from '../domain/identifiers.ts';
import { type Command, type CommandType, commandSchemas } from './catalog.ts';

const Envelope = z.strictObject({ type: z.string().max(64), data: z.unknown(), id: Uuid.optional() });

const isCommandType = (type: string): type is CommandType => Object.hasOwn(commandSchemas, type);

/** A command as sent, or what is wrong with it. */
export const readCommand = (
  input: Plain,
  reading: Reading,
): Read<{ readonly command: Command; readonly id: Uuid | undefined }> => {
  const envelope = Envelope.safeParse(input);
  if (!envelope.success) return E.left(issuesOf(envelope.error, 'command'));
  const { type, data, id } = envelope.data;
  if (!isCommandType(type)) return E.left([{ path: 'command.type', code: 'unknown-type' }]);
  if (data === undefined) return E.left([{ path: 'data', code: 'not-json' }]);
  return E.map((read: unknown) => ({ command: { type, data: read } as Command, id }))(
    readPlain(commandSchemas[type] as z.ZodType<unknown>, data as Plain, 'data', reading),
  );
};
