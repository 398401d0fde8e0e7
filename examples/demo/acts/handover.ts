import { conversations, hantera, messages, mina, overlamningar } from '../dashboards.ts';
import { britt, bvc, isa, maja, tolvan, vera } from '../people.ts';
import type { Stage } from '../stage.ts';

type Program = { readonly programId: string; readonly conversationId: string };

const initiate = async (stage: Stage, programId: string): Promise<string> => {
  const type = 'initiate-handover';
  const offer = { programId, toUnit: bvc.unitId, residentInformed: true };
  const silent = { ...offer, residentInformed: false };
  await stage.act(vera, 'hands over to BVC', { type, data: offer }, 'refused: role-missing');
  await stage.act(maja, 'hands over without telling', { type, data: silent }, 'refused: not-attested');
  const { handoverId = '' } = await stage.act(maja, 'offers the program to BVC Söder', { type, data: offer });
  await stage.act(maja, 'offers it once more', { type, data: offer }, 'refused: handover-pending');
  return handoverId;
};

/** Until the approval nothing has changed: the sending clinician is responsible, and gets what the parent writes. */
const meanwhile = async (stage: Stage, { programId, conversationId }: Program): Promise<void> => {
  const end = { programId, reason: 'avslutad-enligt-plan', residentAware: true };
  await stage.act(maja, 'ends it meanwhile', { type: 'end-program', data: end }, 'refused: handover-pending');
  const body = 'Hon är född! Vi ammar, men det gör ont. Vem ska jag fråga nu?';
  await stage.act(tolvan, 'writes meanwhile', { type: 'reply', data: { programId, conversationId, body } });
  await stage.look(britt, 'looks before the approval', conversations(programId), 'refused: unknown-program');
};

const approve = async (stage: Stage, programId: string, handoverId: string): Promise<void> => {
  const type = 'approve-handover';
  stage.goTo('2026-05-13T06:45:00.000Z');
  await stage.show(isa, overlamningar);
  const own = { handoverId, programId, clinician: maja.hsaId };
  await stage.act(maja, 'approves her own offer', { type, data: own }, 'refused: wrong-unit');
  const secretary = { handoverId, programId, clinician: isa.hsaId };
  await stage.act(isa, 'names herself clinician', { type, data: secretary }, 'refused: clinician-not-eligible');
  const data = { handoverId, programId, clinician: britt.hsaId };
  await stage.act(isa, 'approves, with Britt Brunberg as clinician', { type, data });
  await stage.act(isa, 'approves once more', { type, data }, 'ok: nothing to change');
};

/** 5. From BMM to BVC. */
export const handOver = async (stage: Stage, program: Program): Promise<void> => {
  const { programId, conversationId } = program;
  stage.chapter('5. The program is handed over from BMM to BVC');
  stage.goTo('2026-05-11T07:00:00.000Z');
  const handoverId = await initiate(stage, programId);
  await meanwhile(stage, program);
  await approve(stage, programId, handoverId);
  await stage.look(maja, 'looks at what was hers', hantera(programId), 'refused: unknown-program');
  await stage.show(maja, mina, 'ok: empty');
  const thanks = 'Tack! Då skriver jag till BVC.';
  await stage.act(tolvan, 'writes to the new one', {
    type: 'reply',
    data: { programId, conversationId, body: thanks },
  });
  const body = 'Välkommen till BVC! Kom på torsdag klockan nio, så tittar vi på taget.';
  await stage.act(britt, 'answers', { type: 'reply', data: { programId, conversationId, body } });
  await stage.show(britt, mina);
  await stage.show(britt, messages(programId, conversationId));
};
