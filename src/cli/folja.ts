#!/usr/bin/env node
import { requireNode } from '../eventStore/sqliteFile.ts';
import { type ExitCode, exitCodes } from './terminal.ts';

const { stdin, stdout, stderr } = process;

/** Whoever reads the output may stop before its end, as `head` does; what is not read is not to be shown, nor logged as shown. */
let isRead = true;
stdout.on('error', () => {
  isRead = false;
});

const inputText = async (): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
};

const run = async (): Promise<ExitCode> => {
  try {
    requireNode(process.versions.node);
  } catch (error) {
    stderr.write(`folja: ${(error as Error).message}\n`);
    return exitCodes.unavailable;
  }
  // Loaded only now, for an older Node.js fails on what it loads.
  const { runFolja } = await import('./main.ts');
  const { readerGone } = await import('./stopping.ts');
  const { version } = await import('./version.ts');
  return runFolja(
    process.argv.slice(2),
    {
      out: (text) => {
        if (!isRead) throw readerGone();
        stdout.write(text);
      },
      err: (text) => void stderr.write(text),
      isWatched: stderr.isTTY === true,
      input: inputText,
      env: process.env,
      now: () => new Date(),
    },
    version,
  );
};

process.exitCode = await run();
