import { modelServer } from './modelServer.ts';

// A process of its own that is a model server: `node main.ts [port]`. It prints its port, and ends on SIGTERM or when its input ends.
const server = await modelServer({ port: Number(process.argv[2] ?? 0) });
process.stdout.write(`${JSON.stringify({ port: server.port })}\n`);

const end = async (): Promise<void> => {
  await server.close();
  process.exit(server.errors.length === 0 ? 0 : 1);
};
process.once('SIGTERM', end);
process.stdin.once('end', end);
process.stdin.resume();
