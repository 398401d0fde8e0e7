import { contentFor } from '../contents.ts';
import { plusDays } from '../model/state.ts';
import { expert, productionOffice } from '../world.ts';
import { type Proposer, pick, templateFor } from './scene.ts';

type TemplateType = 'publish-template' | 'review-template';

const publishing: Proposer<'publish-template'> = (scene) => {
  const { model, step } = scene;
  const templateId = templateFor(scene, step.a);
  if (templateId === undefined) return undefined;
  const template = model.templates.get(templateId);
  const majors = [...new Set(template?.versions.map(({ major }) => major))];
  const major = pick(majors, step.b) ?? 1;
  const { setting } = model;
  const isReviewed = setting.policy.reviewBeforeMajor && step.a % 5 > 0;
  const reviewed = isReviewed && expert.kind === 'platform' ? { reviewedBy: expert.hsaId } : {};
  // A structure goes with its major line, so that most minor versions are allowed; each one that is published is new.
  const texts = template?.versions.length ?? 0;
  if (step.c % 5 < 2) {
    const content = contentFor(setting, templateId, texts, majors.length);
    return { data: { templateId, change: 'major', content, ...reviewed }, actor: productionOffice };
  }
  const [text, structure] = [step.c % 7 === 0 ? texts - 1 : texts, major - 1 + (step.c % 11 === 0 ? 1 : 0)];
  const content = contentFor(setting, templateId, Math.max(0, text), structure);
  return { data: { templateId, change: 'minor', major, content }, actor: productionOffice };
};

const reviewing: Proposer<'review-template'> = (scene) => {
  const { model, step, today } = scene;
  const templateId = templateFor(scene, step.a);
  const version = pick(model.templates.get(templateId ?? '')?.versions ?? [], step.b);
  if (templateId === undefined || version === undefined) return undefined;
  const outcome = step.c % 2 === 0 ? 'approved' : 'changes-needed';
  const nextReview = plusDays(today, 365);
  return {
    data: { templateId, version: `${version.major}.${version.minor}`, outcome, nextReview },
    actor: expert,
  };
};

/** What is sensible to send about templates. */
export const sensibleTemplates: { readonly [Type in TemplateType]: Proposer<Type> } = {
  'publish-template': publishing,
  'review-template': reviewing,
};
