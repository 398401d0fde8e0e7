import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { unitCommands } from '../../src/domain/unit/commands.ts';
import { hasCeased } from '../../src/domain/unit/state.ts';
import { colleague, otherProvider, secretary } from './people.ts';
import {
  activated,
  activation,
  active,
  administrator,
  changed,
  commands,
  deactivated,
  disabled,
  enabled,
  fold,
  given,
  granted,
  keyId,
  named,
  registered,
  sealing,
  staffDeactivated,
  staffReactivated,
  unitId,
} from './units.ts';

const activate = commands['activate-unit'];
const enable = commands['enable-template'];
const disable = commands['disable-template'];
type Change = Omit<(typeof commands)['change-unit']['data'], 'unitId'>;
const change = (data: Change) => ({ type: 'change-unit' as const, data: { unitId, ...data } });
const unitChanged = (data: Change) => ({ type: 'unit-changed' as const, data });
const withAdministrator = (differing: Partial<ReturnType<typeof administrator>>) => ({
  ...activate,
  data: { ...activate.data, administrator: named({ ...administrator(), ...differing }) },
});

const firstActivation = [
  activated(),
  sealing(registered(administrator())),
  granted(secretary, 'authorization-administrator'),
];

describe('a unit that is not activated', () => {
  test('R012 R048 R049 R055 I01 is activated together with its first permission administrator', () => {
    given()
      .when(activate)
      .thenEvents(...firstActivation);
  });

  test.each(['public', 'private'] as const)('R056 is activated as %s', (operator) => {
    given()
      .when({ ...activate, data: { ...activate.data, operator } })
      .thenEvents(activated({ operator }), ...firstActivation.slice(1));
  });

  test('R057 is activated on an order, which is kept', () => {
    given()
      .when({ ...activate, data: { ...activate.data, order: 'BEST-2026/4' } })
      .thenEvents(activated({ order: 'BEST-2026/4' }), ...firstActivation.slice(1));
  });

  test('R060 D26 is activated for training', () => {
    given()
      .when({ ...activate, data: { ...activate.data, environment: 'training' } })
      .thenEvents(activated({ environment: 'training' }), ...firstActivation.slice(1));
  });

  test('R058 is activated under an HSA-id only', () => {
    const schema = unitCommands['activate-unit'];
    expect(schema.safeParse(activate.data).success).toBe(true);
    expect(schema.safeParse({ ...activate.data, unitId: 'mottagningen på Eken' }).success).toBe(false);
  });

  test('R052 I02 is refused an administrator without the assignment', () => {
    given()
      .when(withAdministrator({ assignments: ['Annat uppdrag'] }))
      .thenRefused('assignment-missing');
  });

  test('R044 is refused an administrator without training', () => {
    given()
      .when(withAdministrator({ trainings: [] }))
      .thenRefused('training-missing');
  });

  test('R032 R033 is refused an administrator of a profession that the policy leaves out', () => {
    const professionsByRole = { 'authorization-administrator': ['head-of-unit'] };
    given()
      .when(activate, { policy: { ...defaultPolicy, professionsByRole } })
      .thenRefused('profession-not-eligible');
  });

  test.each(Object.values(commands).filter(({ type }) => type !== 'activate-unit'))(
    'R012 R048 is unknown to $type',
    (command) => {
      given().when(command).thenRefused('unknown-unit');
    },
  );
});

describe('an active unit', () => {
  test('R048 is active already', () => {
    given(...active())
      .when(activate)
      .thenRefused('unit-already-active');
  });

  test('R055 is changed in what is new only', () => {
    given(...active())
      .when(change({ name: 'Eken', kind: 'bmm' }))
      .thenEvents(unitChanged({ name: 'Eken' }));
  });

  test('R100 R180 is given an answer time and a welcome text of its own', () => {
    const welcomeText = { templateId: 'lar-dig-om-amning', text: 'Vi svarar inom 3 dagar.' };
    given(...active())
      .when(change({ answerWithinDays: 3, welcomeText }))
      .thenEvents(unitChanged({ answerWithinDays: 3, welcomeText }));
    expect(fold(...active(), unitChanged({ answerWithinDays: 3, welcomeText }))).toMatchObject({
      answerWithinDays: 3,
      welcomeTexts: new Map([['lar-dig-om-amning', 'Vi svarar inom 3 dagar.']]),
    });
  });

  test('R099 R100 D11 answers within seven days where it has set no time', () => {
    expect(fold(...active())).toMatchObject({ answerWithinDays: undefined });
    expect(defaultPolicy.answerWithinDays).toBe(7);
  });

  test.each<Change>([
    { name: 'Eken' },
    { kind: 'bvc' },
    { validTo: '2026-12-31' },
    { answerWithinDays: 3 },
    { welcomeText: { templateId: 'tobakshjalpen', text: 'Hej!' } },
  ])('R055 R100 is so already: %j', (news) => {
    given(...active())
      .when(change(news))
      .thenEvents(unitChanged(news));
    given(...active(), unitChanged(news))
      .when(change(news))
      .thenNothing();
  });

  test('R055 is changed by no change', () => {
    given(...active())
      .when(change({}))
      .thenNothing();
  });

  test('R055 is given a last day, and relieved of it', () => {
    given(...active(), unitChanged({ validTo: '2026-12-31' }))
      .when(change({ validTo: null }))
      .thenEvents(unitChanged({ validTo: null }));
    given(...active())
      .when(change({ validTo: null }))
      .thenNothing();
    expect(fold(...active(), unitChanged({ validTo: '2026-12-31' }), unitChanged({ validTo: null }))).toMatchObject({
      validTo: undefined,
    });
  });

  test('R048 D19 has ceased after its last day in Sweden, not on it', () => {
    const unit = fold(...active(), unitChanged({ validTo: '2026-03-31' }));
    if (unit.status === 'absent') throw new Error('the unit was activated');
    expect(hasCeased(unit, '2026-03-31T21:59:59.999Z')).toBe(false);
    expect(hasCeased(unit, '2026-03-31T22:00:00.000Z')).toBe(true);
  });

  test('R051 R084 is given a template', () => {
    given(...active())
      .when(enable, {}, { templateUnitKinds: ['bmm', 'bvc'] })
      .thenEvents(enabled('lar-dig-om-amning'));
  });

  test('R051 has that template already', () => {
    given(...active(), enabled('lar-dig-om-amning'))
      .when(enable)
      .thenNothing();
  });

  test('R051 is refused a template that does not exist', () => {
    given(...active())
      .when(enable, {}, { templateUnitKinds: undefined })
      .thenRefused('unknown-template');
  });

  test('R005 R058 is refused a template for units of other kinds', () => {
    given(...active())
      .when(enable, {}, { templateUnitKinds: ['bvc'] })
      .thenRefused('unit-kind-not-allowed');
  });

  test('R051 loses a template', () => {
    given(...active(), enabled('lar-dig-om-amning'))
      .when(disable)
      .thenEvents(disabled('lar-dig-om-amning'));
  });

  test('R051 has lost that template already', () => {
    given(...active(), enabled('lar-dig-om-amning'), disabled('lar-dig-om-amning'))
      .when(disable)
      .thenNothing();
  });

  test('D23 is deactivated', () => {
    given(...active())
      .when(commands['deactivate-unit'])
      .thenEvents(deactivated());
  });

  test('D23 is not deactivated while programs are ongoing', () => {
    given(...active())
      .when(commands['deactivate-unit'], {}, { ongoing: 1 })
      .thenRefused('programs-ongoing');
  });

  test('R241 R243 D23 is deactivated with a warning while ended programs are not purged', () => {
    given(...active())
      .when(commands['deactivate-unit'], {}, { unpurged: 1 })
      .thenEvents({ type: 'unit-deactivated', data: { warnedOf: ['not-purged'] } });
  });
});

describe('an inactive unit', () => {
  const history = [...active(), enabled('lar-dig-om-amning'), deactivated()];

  test('R048 is deactivated already', () => {
    given(...history)
      .when(commands['deactivate-unit'])
      .thenNothing();
  });

  test.each(Object.values(commands).filter(({ type }) => type !== 'activate-unit' && type !== 'deactivate-unit'))(
    'R048 is refused $type',
    (command) => {
      given(...history)
        .when(command)
        .thenRefused('unit-not-active');
    },
  );

  test('R048 R050 I01 is activated again, its administrator known', () => {
    given(...history)
      .when(activate, {}, { keyId: 'a'.repeat(32) })
      .thenEvents(
        activated({ keyId }),
        sealing(changed(administrator())),
        granted(secretary, 'authorization-administrator'),
      );
  });

  test('R050 I01 is activated again by one who had been deactivated, and is active from then', () => {
    const later = [
      ...active(),
      registered({ ...administrator(), hsaId: colleague }),
      granted(colleague, 'authorization-administrator'),
      staffDeactivated(secretary),
      deactivated(),
    ];
    given(...later)
      .when(activate)
      .thenEvents(
        activated(),
        sealing(changed(administrator())),
        staffReactivated(secretary),
        granted(secretary, 'authorization-administrator'),
      );
  });

  test('R051 keeps its templates, settings and staff through a new activation', () => {
    const settings = unitChanged({ answerWithinDays: 3 });
    const moved = activated({ ...activation, careProviderId: otherProvider, name: 'Linden' });
    expect(fold(...active(), enabled('lar-dig-om-amning'), settings, deactivated(), moved)).toMatchObject({
      status: 'active',
      name: 'Linden',
      careProviderId: otherProvider,
      answerWithinDays: 3,
      templates: ['lar-dig-om-amning'],
      staff: new Map([[secretary, expect.objectContaining({ roles: ['authorization-administrator'] })]]),
    });
  });
});

describe('the commands of a unit', () => {
  test.each(Object.entries(commands))('take %s as it is', (type, { data }) => {
    expect(unitCommands[type as keyof typeof unitCommands].parse(data)).toEqual(data);
  });
});
