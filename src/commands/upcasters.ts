import type { Upcasters } from '../eventStore/codec.ts';

/**
 * How older shapes of stored events become the newest, by event type: the first step turns version 1 into 2. An event whose shape
 * changes gets a step here, `version` where it is written, and a golden file of each version.
 */
export const upcasters: Upcasters = {};
