import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { type Actor, bundledTemplates, openFolja } from '../../src/index.ts';
import { sqliteStore } from '../../src/sqlite.ts';

/** A process that uses the library for a while, on files in a directory: what it prints last is what the log is found to be. */
const [directory = ''] = process.argv.slice(2);
const authentication = { method: 'siths', assurance: 3 } as const;
const platform = (office: 'regional-team' | 'production-office'): Actor => ({
  ...{ kind: 'platform', hsaId: 'SE2321000131-P8', office, authentication },
});
const unitId = 'SE2321000131-BMM1';
const administrator = {
  ...{ hsaId: 'SE2321000131-BA', name: 'Siv', profession: 'midwife', employment: 'maternal-health' },
  ...{ assignments: ['VoB SJF'], trainings: ['platform'] },
};
const unit = {
  ...{
    unitId,
    name: 'BMM Norr',
    kind: 'bmm',
    careProviderId: 'SE2321000131-0001',
    county: 'Skåne',
    operator: 'public',
  },
  ...{ environment: 'production', administrator },
};

const folja = await openFolja({
  store: sqliteStore({ path: join(directory, 'unit.db') }),
  masterKey: new Uint8Array(32),
});
const done = (what: string, result: E.Either<unknown, unknown>): void => console.log(what, result._tag);
for (const { templateId, content } of bundledTemplates) {
  const data = { templateId, change: 'major', content };
  done(templateId, await folja.execute({ type: 'publish-template', data }, platform('production-office')));
}
done('unit', await folja.execute({ type: 'activate-unit', data: unit }, platform('regional-team')));
done('units', await folja.view({ view: 'units' }, platform('regional-team')));
done(
  'hostile',
  E.swap(await folja.view(JSON.parse('{"__proto__":{"a":1},"view":"units"}'), platform('regional-team'))),
);
await folja.rebuild();
await folja.rotateMasterKey({ id: 'next', key: new Uint8Array(32).fill(1) });
await folja.tick();
console.log('whole', (await folja.audit.verify()).ok);
await folja.close();
