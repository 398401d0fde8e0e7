import type { Actor } from 'folja';
import type { Random } from './random.ts';

/** In every personal text of the simulation, so that one search of the files tells whether any of them lies in clear. */
export const marker = 'Påhittad';

const organization = 'SE2321000131';
export const hsaId = (suffix: string): string => `${organization}-${suffix}`;

const siths = { method: 'siths', assurance: 3 } as const;
const bankId = { method: 'bankid', assurance: 3 } as const;

export type StaffActor = Extract<Actor, { kind: 'staff' }>;
export const staffAt = (unitId: string, member: string): StaffActor => ({
  ...{ kind: 'staff', hsaId: member, unitId, authentication: siths },
});
const platform = (office: Extract<Actor, { kind: 'platform' }>['office']): Actor => ({
  ...{ kind: 'platform', hsaId: hsaId('P0'), office, authentication: siths },
});
export const region = platform('regional-team');
export const production = platform('production-office');
export const expert = platform('expert');
export const auditor = platform('log-auditor');

export type Resident = { readonly personalNumber: string; readonly name: string };
export const residentActor = ({ personalNumber }: Resident): Actor => ({
  ...{ kind: 'resident', personalNumber, authentication: bankId },
});

/** The check digit of the Luhn algorithm over nine digits. */
const checkDigit = (nine: string): number => {
  const sum = [...nine].reduce((total, digit, index) => {
    const product = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return (10 - (sum % 10)) % 10;
};

const two = (number: number): string => String(number).padStart(2, '0');

/** A made-up resident. The serial numbers from 980 on are nobody's: they are kept for tests. */
export const aResident = ({ between }: Random, number: number): Resident => {
  const day = `${two(between(50, 99))}${two(between(1, 12))}${two(between(1, 28))}`;
  const nine = `${day}${between(980, 999)}`;
  return { personalNumber: `19${nine}${checkDigit(nine)}`, name: `${marker} Invånare ${number}` };
};
