import type { Actor } from '../access/actor.ts';
import { objectIn, readText } from './files.ts';
import { usageError } from './stopping.ts';
import type { Terminal } from './terminal.ts';

/** Who asks, as options name it. */
export type ActorOptions = {
  readonly as?: string;
  readonly asStaff?: string;
  readonly unit?: string;
  readonly asAuditor?: string;
  readonly asRegionalTeam?: string;
  readonly asResident?: string;
  readonly method?: string;
  readonly assurance?: string;
  readonly purpose?: string;
};

const kinds = ['as', 'asStaff', 'asAuditor', 'asRegionalTeam', 'asResident'] as const;

/** How somebody was authenticated is attested to the log, so nothing is taken for granted. */
const authenticationOf = ({ method, assurance }: ActorOptions) => {
  if (method === undefined || assurance === undefined)
    throw usageError('Say how the one who asks was authenticated: give --method and --assurance, such as siths and 3.');
  return { method, assurance: Number(assurance) };
};

const staffOf = (hsaId: string, options: ActorOptions): object => {
  const { unit, purpose } = options;
  if (unit === undefined) throw usageError('Staff acts at a unit: give its HSA-id as --unit.');
  return {
    ...{ kind: 'staff', hsaId, unitId: unit, authentication: authenticationOf(options) },
    ...(purpose === undefined ? {} : { purpose }),
  };
};

const platformOf = (hsaId: string, office: string, options: ActorOptions): object => ({
  ...{ kind: 'platform', hsaId, office },
  authentication: authenticationOf(options),
});

const actorOf = async (terminal: Terminal, options: ActorOptions): Promise<object | undefined> => {
  const { as, asStaff, asAuditor, asRegionalTeam, asResident } = options;
  if (as !== undefined) return objectIn(await readText(terminal, as, 'actor'), 'actor');
  if (asStaff !== undefined) return staffOf(asStaff, options);
  if (asAuditor !== undefined) return platformOf(asAuditor, 'log-auditor', options);
  if (asRegionalTeam !== undefined) return platformOf(asRegionalTeam, 'regional-team', options);
  if (asResident === undefined) return undefined;
  const authentication = authenticationOf(options);
  return { kind: 'resident', personalNumber: await readText(terminal, asResident, 'personal number'), authentication };
};

/** Who asks; undefined where nobody is named. The library itself judges whether it is an actor, and what it may. */
export const readActor = async (terminal: Terminal, options: ActorOptions): Promise<Actor | undefined> => {
  if (kinds.filter((kind) => options[kind] !== undefined).length > 1)
    throw usageError(
      'One asks at a time: give one of --as, --as-staff, --as-auditor, --as-regional-team, --as-resident.',
    );
  return (await actorOf(terminal, options)) as Actor | undefined;
};

/** Who asks, for what nobody is shown without a name. */
export const requireActor = async (terminal: Terminal, options: ActorOptions): Promise<Actor> => {
  const actor = await readActor(terminal, options);
  if (actor !== undefined) return actor;
  throw usageError(
    'Say who asks: give --as, --as-staff, --as-auditor, --as-regional-team or --as-resident; what is shown is logged in that name.',
  );
};
