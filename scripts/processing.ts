/** Writes docs/privacy-record.md, the record of processing for data protection officers, from the shapes of the events. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { processingRecord } from '../src/privacy/processing.ts';
import { pageOf } from './processing/page.ts';

writeFileSync(fileURLToPath(new URL('../docs/privacy-record.md', import.meta.url)), pageOf(processingRecord));
