import type { TemplateContent } from '../domain/template/content.ts';

/** Marks a text that the manuals do not give, so that nobody takes it for the program's own. */
export const placeholder = (text: string, missing: string): string =>
  `${text} (platshållare: ${missing} anges av produktionskontoret)`;

/** End reasons (R226, R227): the manuals show them in pictures only, so these stand in for a host's own. */
export const placeholderEndReasons: TemplateContent['endReasons'] = [
  { code: 'avslutad-enligt-plan', label: placeholder('Avslutad enligt plan', 'orsak') },
  { code: 'avslutad-i-fortid', label: placeholder('Avslutad i förtid', 'orsak') },
  { code: 'felaktigt-startad', label: placeholder('Felaktigt startad', 'orsak') },
  { code: 'annan-orsak', label: placeholder('Annan orsak', 'orsak') },
];
