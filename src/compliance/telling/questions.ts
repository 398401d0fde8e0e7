import type { ViewName } from '../../domain/permissions.ts';
import type { Call } from '../world.ts';
import type { Names } from './names.ts';

type Query = Extract<Call, { kind: 'view' }>['query'];

/** What is looked at with each view; a view without a phrase does not compile. */
const looks: { readonly [View in ViewName]: string } = {
  'overview mine': 'the own programs of the overview',
  'overview all': 'all programs of the overview',
  'overview ended': 'the ended programs of the overview',
  'overview handovers': 'the handovers of the overview',
  caseload: 'the caseload',
  documentation: 'what is to be documented',
  'purge-list': 'the list of what may be purged',
  staff: 'the staff',
  profile: 'the own settings',
  program: 'the program',
  form: 'a form',
  comments: 'the comments',
  conversations: 'the conversations',
  conversation: 'a conversation',
  activities: 'the activities',
  timeline: 'the timeline',
  purge: 'the purge',
  'my-programs': 'the own programs',
  'my-program': 'the own program',
  'access-report': 'the access report',
  template: 'a template',
  templates: 'the templates',
  units: 'the units',
  statistics: 'the statistics',
  undelivered: 'what was not delivered',
  audit: 'the audit log',
  'log-export': 'an export of the log',
  'log-checks': 'the checks of the log',
};

/** The name of a view in the table of permissions, where each tab of the overview has a row of its own. */
export const viewNameOf = ({ view, tab }: Query): ViewName | undefined => {
  const name = view === 'overview' ? `overview ${tab}` : view;
  return Object.hasOwn(looks, name) ? (name as ViewName) : undefined;
};

/** What a question asks for, in plain words. */
export const questionOf = (query: Query, { program, conversation }: Names): string => {
  const name = viewNameOf(query);
  if (name === undefined) return 'asks a view that is not there';
  const { programId, conversationId } = query;
  const what = typeof conversationId === 'string' ? conversation(conversationId) : looks[name];
  if (typeof programId !== 'string') return `looks at ${what}`;
  const own = program(programId);
  return what.endsWith(' program') ? `looks at ${own}` : `looks at ${what} of ${own}`;
};
