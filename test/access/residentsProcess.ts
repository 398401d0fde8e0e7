import { parseArgs } from 'node:util';
import v8 from 'node:v8';
import vm from 'node:vm';
import { residentsOf } from '../../src/access/residents.ts';
import { numbered, storeOf } from './residentStores.ts';

// A process of its own that asks who is the resident, forgets everything but what the library remembers, and writes down what its memory holds. The number
// is not among its arguments but in parts: it lies nowhere unless it was kept.
const { values } = parseArgs({
  options: { parts: { type: 'string' }, to: { type: 'string' }, keeps: { type: 'string' } },
});
const { parts = '[]', to = '', keeps = '' } = values;

const number = (): string => numbered(JSON.parse(parts) as readonly number[]);

const ask = async (): Promise<unknown> => {
  const vault = await storeOf([number()]);
  const residents = residentsOf(vault);
  const asked = [await residents.isOf(1, number()), await residents.isOf(1, number())];
  if (!asked.every((one) => one._tag === 'Right' && one.right)) throw new Error('the resident was not told');
  return { vault, residents, kept: keeps === '' ? undefined : number() };
};

const held = await ask();
v8.setFlagsFromString('--expose-gc');
const collect: unknown = vm.runInNewContext('gc');
for (let round = 0; round < 5; round += 1) {
  await new Promise((resolve) => setImmediate(resolve));
  if (typeof collect === 'function') collect();
}
v8.writeHeapSnapshot(to);
if (held === undefined) throw new Error('nothing was held');
