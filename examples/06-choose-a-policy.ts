/** Opens the library under the policies of two regions, and shows where they answer differently. */
import { inMemoryStore, openFolja, type Policy } from 'folja';
import { gavleborg } from './policies/gavleborg.ts';
import { skane } from './policies/skane.ts';
import { bmm, done, midwife, platform } from './setUp.ts';

const open = async (policy: Partial<Policy>) => {
  const folja = await openFolja({ store: inMemoryStore(), masterKey: new Uint8Array(32).fill(7), policy });
  const policies = new Set<string>();
  folja.subscribe((event) => policies.add((event as { readonly policy: string }).policy));
  return { folja, policies };
};

const staff = (hsaId: string, name: string, profession: string) => ({
  ...{ hsaId, name, profession, employment: 'maternal-health' },
  ...{ assignments: ['VoB SJF'], trainings: ['lar-dig-om-amning'] },
});

for (const policy of [skane, gavleborg]) {
  const { folja, policies } = await open(policy);
  const place = { careProviderId: 'SE2321000131-VG1', county: 'Skåne', operator: 'public', environment: 'production' };
  const administrator = staff(midwife.hsaId, 'Maja Moberg', 'midwife');
  const activate = { unitId: bmm, name: 'BMM', kind: 'bmm', ...place, administrator };
  done(await folja.execute({ type: 'activate-unit', data: activate }, platform('regional-team')));

  const dietitian = staff('SE2321000131-P3', 'Dag Dahl', 'dietitian');
  done(await folja.execute({ type: 'register-staff', data: { unitId: bmm, staff: dietitian } }, midwife));
  const grant = { unitId: bmm, hsaId: dietitian.hsaId, role: 'clinician' };
  const granted = await folja.execute({ type: 'grant-role', data: grant }, midwife);
  const answer = granted._tag === 'Right' ? 'may be a clinician' : JSON.stringify(granted.left);
  console.log(`${policy.id}: a dietitian ${answer}`);
  await new Promise((resolve) => setTimeout(resolve, 150));
  console.log(`${policy.id}: every event names its policy, ${[...policies].join(', ')}`);
  await folja.close();
}
