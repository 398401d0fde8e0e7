import type { Setting, Template } from '../setting.ts';
import type { Grounds } from './grounds.ts';
import { openOn } from './opened.ts';
import { beginning } from './preparing.ts';

/** What a host's runs are lived under: its templates, and the policy of what it opens, for which it is opened once. */
export const settingOn = async (grounds: Grounds, templates: readonly Template[]): Promise<Setting> => {
  const ground = grounds.fresh();
  try {
    const { folja, policy } = await openOn(ground, () => new Date(beginning));
    await folja.close();
    return { policy, templates };
  } finally {
    ground.remove();
  }
};
