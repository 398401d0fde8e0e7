import { existsSync } from 'node:fs';
import { directoryAnchorsRead } from '../../audit/directoryAnchors.ts';
import { directorySize } from './files.ts';
import { ageText, day, type Finding, findingsAbout, sizeText } from './finding.ts';

const found = findingsAbout('anchors');

const lengthFinding = (anchored: number | undefined, length: number): Finding => {
  if (anchored === undefined)
    return found('newest anchor', 'none', 'no anchor vouches for the log: open the store once');
  const problem =
    anchored > length
      ? 'the log is shorter than its anchor: it is an older copy, or has lost its write-ahead log (docs/audit.md)'
      : undefined;
  return found('newest anchor', `length ${anchored} of ${length}`, problem);
};

type Head = { readonly at: string; readonly length: number };

const headFinding = (head: Head | undefined, length: number, now: Date): Finding => {
  if (head === undefined)
    return found('newest signed head', 'none', length === 0 ? undefined : 'no head is signed: run folja head');
  const isOld = head.length < length && now.getTime() - Date.parse(head.at) > day;
  return found(
    'newest signed head',
    `length ${head.length}, signed ${ageText(head.at, now)}`,
    isOld ? 'the log has grown for more than a day without a signed head: run folja head' : undefined,
  );
};

/** Where heads of a log are kept, and how new they are; nothing is made where nothing is. */
export const anchorFindings = (directory: string, length: number, now: Date): readonly Finding[] => {
  if (!existsSync(directory)) return [found('directory', directory, 'the directory of the anchors is not there')];
  const anchors = directoryAnchorsRead(directory);
  return [
    found('directory', directory),
    found('size', sizeText(directorySize(directory))),
    lengthFinding(anchors.latest()?.length, length),
    headFinding(anchors.heads(1).at(-1), length, now),
    found('purges in the ledger', anchors.ledger().length),
  ];
};
