import { bundledTemplates } from 'folja';
import * as people from '../people.ts';
import type { Stage } from '../stage.ts';

const { region, production, vera, maja, bodil, tova } = people;

const roles: Readonly<Record<string, { readonly role: string; readonly word: string }>> = {
  B: { role: 'clinician', word: 'behandlare' },
  IA: { role: 'resident-administrator', word: 'invånaradministratör' },
  DA: { role: 'data-administrator', word: 'dataadministratör' },
};

/** The production office publishes the content, as any content is published. */
const publish = async (stage: Stage): Promise<void> => {
  for (const { templateId, content } of bundledTemplates) {
    const command = { type: 'publish-template', data: { templateId, change: 'major', content } };
    await stage.act(production, `publishes ${content.title}, version 1.0`, command);
  }
};

/** The regional team takes a unit into use, with its first administrator, who is head of unit here. */
const activate = async (stage: Stage, { unit, facts }: people.Staff, templateId: string): Promise<void> => {
  const { careProviderId, county } = people;
  const { unitId, name, kind } = unit;
  const place = { unitId, name, kind, careProviderId, county, operator: 'public', environment: 'production' };
  const command = { type: 'activate-unit', data: { ...place, administrator: facts } };
  await stage.act(region, `activates ${name} (BA ${facts.name})`, command);
  await stage.act(region, `enables ${templateId} there`, { type: 'enable-template', data: { unitId, templateId } });
};

const register = (stage: Stage, administrator: people.Staff, { facts }: people.Staff) =>
  stage.act(administrator, `registers ${facts.name}, ${facts.profession}`, {
    type: 'register-staff',
    data: { unitId: administrator.unit.unitId, staff: facts },
  });

const grant = (stage: Stage, administrator: people.Staff, { facts, hsaId }: people.Staff, short: string) =>
  stage.act(administrator, `makes ${facts.name} ${roles[short]?.word}`, {
    type: 'grant-role',
    data: { unitId: administrator.unit.unitId, hsaId, role: roles[short]?.role },
  });

/** The head of unit is DA too; the others get the roles that their label shows. */
const staff = async (stage: Stage, head: people.Staff, ...others: readonly people.Staff[]): Promise<void> => {
  await grant(stage, head, head, 'DA');
  for (const other of others) {
    await register(stage, head, other);
    const [held = ''] = other.label.split(' ');
    for (const role of held.split('+')) await grant(stage, head, other, role);
  }
};

/** 1. Units, staff and roles. */
export const units = async (stage: Stage): Promise<void> => {
  stage.chapter('1. Two units and a tobacco clinic are set up');
  stage.goTo('2026-03-02T07:00:00.000Z');
  await publish(stage);
  await activate(stage, vera, 'lar-dig-om-amning');
  await staff(stage, vera, maja, people.malin);
  await stage.act(
    maja,
    'makes herself dataadministratör',
    { type: 'grant-role', data: { unitId: maja.unit.unitId, hsaId: maja.hsaId, role: 'data-administrator' } },
    'refused: role-missing',
  );
  await stage.act(
    region,
    'activates the unit once more',
    {
      type: 'activate-unit',
      data: {
        ...{ unitId: vera.unit.unitId, name: vera.unit.name, kind: vera.unit.kind },
        ...{ careProviderId: people.careProviderId, county: people.county },
        ...{ operator: 'public', environment: 'production', administrator: maja.facts },
      },
    },
    'refused: unit-already-active',
  );
  await activate(stage, bodil, 'lar-dig-om-amning');
  await staff(stage, bodil, people.britt, people.isa);
  await stage.act(
    region,
    'enables it at a unit not yet active',
    { type: 'enable-template', data: { unitId: tova.unit.unitId, templateId: 'lar-dig-om-amning' } },
    'refused: unknown-unit',
  );
  await activate(stage, tova, 'tobakshjalpen');
  await staff(stage, tova, people.tore);
};
