import { mutantsOfHandovers } from './catalog/handovers.ts';
import { mutantsOfKeeping } from './catalog/keeping.ts';
import { mutantsOfPrograms } from './catalog/programs.ts';
import { mutantsOfReading } from './catalog/reading.ts';
import { mutantsOfRebuilding } from './catalog/rebuilding.ts';
import { mutantsOfRemembering } from './catalog/remembering.ts';
import { mutantsOfSharing } from './catalog/sharing.ts';
import { mutantsOfUnits } from './catalog/units.ts';
import type { Mutant } from './mutant.ts';

/** Every mutant. Each is to be caught by a rule of the compliance properties, or by the tests that it names. */
export const mutants: readonly Mutant[] = [
  ...mutantsOfUnits,
  ...mutantsOfPrograms,
  ...mutantsOfHandovers,
  ...mutantsOfReading,
  ...mutantsOfKeeping,
  ...mutantsOfRemembering,
  ...mutantsOfSharing,
  ...mutantsOfRebuilding,
];
