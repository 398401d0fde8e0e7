import db from '@eventstore/db-client';

// A process with nothing but the client in it: it appends to the server at a port, and says what came of it.
const client = db.EventStoreDBClient.connectionString(`esdb://127.0.0.1:${process.argv[2]}?tls=false`);
const credentials = { username: 'admin', password: 'changeit' };
const event = {
  id: crypto.randomUUID(),
  type: 'tried',
  contentType: 'application/json',
  data: {},
  metadata: {},
} as const;
const appended = client.appendToStream('program-1', event, { credentials, deadline: 1000 });
process.stdout.write(
  await appended.then(
    () => 'appended',
    () => 'refused',
  ),
);
