import type { TemplateContent } from '../domain/template/content.ts';
import type { Setting } from './setting.ts';

const contentOf = ({ templates }: Setting, templateId: string): TemplateContent => {
  const found = templates.find((template) => template.templateId === templateId);
  if (found === undefined) throw new Error(`no template ${templateId}`);
  return found.content;
};

type Module = TemplateContent['modules'][number];

const [longestTitle, mostSections, mostForms] = [250, 90, 49];

const questions = [{ id: 'fraga-1', text: 'Fråga' }];
const hidden = { id: 'dold', title: 'Dold', visible: false, purpose: 'care' as const, questions };

const indexOf = ({ modules }: TemplateContent, holds: (module: Module) => boolean): number => modules.findIndex(holds);

/** A form that is hidden goes where there are forms already, in a module that is open from the start where there is one. */
const placeOfHidden = (content: TemplateContent): number => {
  const hasRoom = ({ forms }: Module): boolean =>
    forms.length > 0 && forms.length <= mostForms && forms.every(({ id }) => id !== hidden.id);
  const atStart = indexOf(content, (module) => module.opensAtStart && hasRoom(module));
  return atStart === -1 ? indexOf(content, hasRoom) : atStart;
};

const retitled = (title: string, text: number): string =>
  text === 0 ? title : `${title.slice(0, longestTitle)} (${text})`;

/** A host's content, with a form that is hidden; another `text` changes its texts only, another `structure` its sections. */
export const contentFor = (setting: Setting, templateId: string, text: number, structure: number): TemplateContent => {
  const content = contentOf(setting, templateId);
  const extra = Array.from({ length: structure }, (_, index) => ({ id: `extra-${index}`, title: 'Extra' }));
  const [ofExtra, ofHidden] = [
    indexOf(content, ({ sections }) => sections.length < mostSections),
    placeOfHidden(content),
  ];
  return {
    ...content,
    title: retitled(content.title, text),
    modules: content.modules.map((module, index) => ({
      ...module,
      title: retitled(module.title, text),
      sections: index === ofExtra ? [...module.sections, ...extra] : module.sections,
      forms: index === ofHidden ? [...module.forms, hidden] : module.forms,
    })),
  };
};
