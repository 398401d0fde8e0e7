import fc from 'fast-check';

/** The check digit of a personal number: modulus 10 with weights 2, 1, 2 … over the nine digits YYMMDDNNN. */
export const checkDigit = (nineDigits: string): number => {
  const products = [...nineDigits].map((digit, index) => Number(digit) * (index % 2 === 0 ? 2 : 1));
  const sum = products.reduce((total, product) => total + (product > 9 ? product - 9 : product), 0);
  return (10 - (sum % 10)) % 10;
};

/** Twelve digits of a day of birth and a serial of the series 980–999, which no living person has. */
export const testNumber = (birthDay: string, serial: number, dayOffset = 0): string => {
  const day = String(Number(birthDay.slice(8)) + dayOffset).padStart(2, '0');
  const date = `${birthDay.slice(0, 4)}${birthDay.slice(5, 7)}${day}`;
  return `${date}${serial}${checkDigit(`${date.slice(2)}${serial}`)}`;
};

export const serials = fc.integer({ min: 980, max: 999 });
export const birthDays = fc
  .date({ min: new Date('1890-01-01'), max: new Date('2025-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
/** Personal and coordination numbers, the latter with 60 added to the day. */
export const testNumbers = fc
  .tuple(birthDays, serials, fc.constantFrom(0, 60))
  .map(([birthDay, serial, dayOffset]) => testNumber(birthDay, serial, dayOffset));
