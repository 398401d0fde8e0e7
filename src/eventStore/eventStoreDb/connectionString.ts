import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setUpError } from '../setUpError.ts';

/** Who asks a cluster; the password is there to be read, and is left out of everything that is printed or copied. */
export type Credentials = { readonly username: string; readonly password: string };

/** What a connection string says, apart so that the client never sees user and password beside each other. */
export type Target = {
  /** The connection string without user and password: all that the client may print. */
  readonly address: string;
  readonly credentials: Credentials | undefined;
  /** Certificates to talk with; undefined where the connection is not encrypted. */
  readonly tls:
    | { readonly root: Buffer | undefined; readonly key: Buffer | undefined; readonly certificate: Buffer | undefined }
    | undefined;
  /** Milliseconds between signs of life on an idle connection, and how long each may take. */
  readonly keepAlive: { readonly interval: number; readonly timeout: number };
};

/** Without those at its end; a pattern would look at each of them again for each. */
const withoutSlashes = (text: string): string => {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
};

const form = /^(esdb(?:\+discover)?:\/\/)([^?]*)(\?.*)?$/s;

const misread = (): Error =>
  setUpError(
    'The connection string is not of the form esdb://<user>:<password>@<host>:<port>?tls=true; special characters in user and password are percent-encoded.',
  );

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw misread();
  }
};

/** The password is hidden, for the client prints the options of a call where DEBUG says so. */
const credentialsFor = (username: string, password: string): Credentials =>
  Object.defineProperty({ username, password: '' }, 'password', { value: password, enumerable: false });

const credentialsIn = (userInfo: string): Credentials => {
  const colon = userInfo.indexOf(':');
  if (colon < 1 || colon === userInfo.length - 1) throw misread();
  return credentialsFor(decoded(userInfo.slice(0, colon)), decoded(userInfo.slice(colon + 1)));
};

/** Names as users of the client write them: `tlsCAFile`, `TLS_CA_FILE`, `tls-ca-file`. */
const optionsIn = (query: string): ReadonlyMap<string, string> =>
  new Map(
    query
      .slice(1)
      .split('&')
      .map((pair): [string, string] => {
        const [name = '', ...value] = pair.split('=');
        return [name.trim().toLowerCase().replace(/[_-]/g, ''), value.join('=').trim()];
      }),
  );

const fileNamed = (options: ReadonlyMap<string, string>, name: string): Buffer | undefined => {
  const path = options.get(name.toLowerCase());
  if (path === undefined) return undefined;
  try {
    return readFileSync(resolve(decoded(path)));
  } catch {
    throw setUpError(`The file that the connection string names as ${name} cannot be read.`);
  }
};

const tlsOf = (options: ReadonlyMap<string, string>): Target['tls'] => {
  if (options.get('tls')?.toLowerCase() === 'false') return undefined;
  const root = fileNamed(options, 'tlsCAFile');
  const certificate = fileNamed(options, 'userCertFile');
  const key = fileNamed(options, 'userKeyFile');
  if ((certificate === undefined) !== (key === undefined)) {
    throw setUpError('A connection string with userCertFile has userKeyFile as well, and the other way round.');
  }
  return { root, key, certificate };
};

const millisecondsOf = (options: ReadonlyMap<string, string>, name: string): number => {
  const value = Number(options.get(name.toLowerCase()) ?? 10_000);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw setUpError(`The option ${name} of a connection string is a number of milliseconds; it cannot be turned off.`);
};

/**
 * Reads a connection string of EventStoreDB. Whoever asks over TLS says who they are; without TLS a server knows nobody, and what is said is ignored.
 * Nothing of user and password is in any sentence that this throws.
 */
export const targetIn = (connection: string): Target => {
  const [, scheme, authority = '', query = ''] = form.exec(withoutSlashes(connection.trim())) ?? [];
  if (scheme === undefined || query.includes('@')) throw misread();
  const at = authority.lastIndexOf('@');
  const hosts = authority.slice(at + 1);
  if (hosts === '') throw misread();
  const options = optionsIn(query);
  const tls = tlsOf(options);
  const given = at === -1 ? undefined : credentialsIn(authority.slice(0, at));
  if (tls !== undefined && tls.certificate === undefined && given === undefined) {
    throw setUpError(
      'A connection string with TLS names a user and a password, or a certificate (userCertFile, userKeyFile).',
    );
  }
  return {
    address: `${scheme}${hosts}${query}`,
    // Credentials on each call keep the client from its batches of appends, which have lost and crashed (db-client 6.2.1).
    credentials: given ?? (tls === undefined ? credentialsFor('nobody', 'nothing') : undefined),
    tls,
    keepAlive: {
      interval: millisecondsOf(options, 'keepAliveInterval'),
      timeout: millisecondsOf(options, 'keepAliveTimeout'),
    },
  };
};
