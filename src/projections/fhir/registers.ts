/** The national registers of identifiers, by their object identifiers (Inera's list; law on the numbers: Skatteverket). */
export const registers = {
  personalNumber: '1.2.752.129.2.1.3.1',
  coordinationNumber: '1.2.752.129.2.1.3.3',
  hsaId: '1.2.752.129.2.1.4.1',
} as const;

/** The register of a number: a coordination number has 60 added to the day of birth. */
export const registerOf = (personalNumber: string): string =>
  Number(personalNumber.slice(6, 8)) > 60 ? registers.coordinationNumber : registers.personalNumber;

/** An object identifier as the name of a system. */
export const systemOf = (register: string): string => `urn:oid:${register}`;
