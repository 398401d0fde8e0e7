import db from '@eventstore/db-client';

// A process with nothing but the client in it, which follows a log and appends when it is told to. It ends when its input does.
const client = db.EventStoreDBClient.connectionString(process.argv[2] ?? '');
const credentials = { username: 'admin', password: 'changeit' };
const append = (): Promise<string> => {
  const event = {
    id: crypto.randomUUID(),
    type: 'tried',
    contentType: 'application/json',
    data: {},
    metadata: {},
  } as const;
  const appended = client.appendToStream('program-1', event, { credentials, requiresLeader: true, deadline: 1000 });
  return appended.then(
    () => 'appended',
    () => 'refused',
  );
};

const subscription = client.subscribeToAll({ credentials });
subscription.on('data', () => undefined);
subscription.on('error', () => undefined);
subscription.once('confirmation', () => process.stdout.write('follows\n'));
process.stdin.on('data', () => void append().then((outcome) => process.stdout.write(`${outcome}\n`)));
process.stdin.on('end', () => process.exit(0));
