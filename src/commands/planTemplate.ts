import * as E from 'fp-ts/lib/Either.js';
import type { TemplateCommand } from '../domain/template/commands.ts';
import { template } from '../domain/template/template.ts';
import { templateStream } from '../eventStore/streams.ts';
import type { Planner } from './plan.ts';

/** Plans the commands of a template. */
export const planTemplate: Planner<TemplateCommand> = async ({ histories }, command, { acting, circumstances }) => {
  const stream = templateStream(command.data.templateId);
  const loaded = await histories.template(stream);
  if (E.isLeft(loaded)) return loaded;
  const { state, revision } = loaded.right;
  const decision = template.decide(command, state, circumstances, undefined);
  return E.right({ stream, revision, heads: acting.heads, decision, keyId: undefined, programs: [] });
};
