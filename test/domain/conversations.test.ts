import { describe, test } from 'vitest';
import { colleague, made, midwife, resident, staff, uuid } from './people.ts';
import {
  amning,
  clinicianChanged,
  conversation,
  conversationId,
  ended,
  given,
  handoverInitiated,
  message,
  ongoing,
  ongoingAmning,
  programId,
} from './programs.ts';

const texts = { subject: 'Nikotinlängtan', body: 'Hur går det?' };
const startConversation = (extra: { conversationId?: string; notifyInbox?: boolean } = {}) => ({
  type: 'start-conversation' as const,
  data: { programId, ...texts, ...extra },
});
const reply = (extra: { notifyInbox?: boolean } = {}) => ({
  type: 'reply' as const,
  data: { programId, conversationId, body: 'Tack, bra.', ...extra },
});
const read = { type: 'read-conversation' as const, data: { programId, conversationId } };
const wasRead = (side: 'resident' | 'staff') => ({
  type: 'conversation-read' as const,
  data: { conversationId, side },
});

const conversationStarted = (from: 'resident' | 'staff', id = made.conversation) => ({
  type: 'conversation-started' as const,
  data: { conversationId: id, from },
  sealed: { subject: texts.subject },
});
const toResident = (notifyInbox: boolean, id: string, body: string) => ({
  type: 'message-sent' as const,
  data: { conversationId: id, messageId: made.message, from: 'staff' as const, notifyInbox },
  sealed: { body },
});
const toStaff = (addressee: string, id: string, body: string) => ({
  type: 'message-sent' as const,
  data: { conversationId: id, messageId: made.message, from: 'resident' as const, addressee, notifyInbox: false },
  sealed: { body },
});

describe('an ongoing program', () => {
  test('R088 R174 R175 R176 has a conversation started by the clinician, with its first message', () => {
    given(...ongoing())
      .when(startConversation())
      .thenEvents(conversationStarted('staff'), toResident(false, made.conversation, texts.body));
  });

  test('R173 R175 R176 R184 I13 has one started by the resident, addressed to the responsible clinician', () => {
    given(...ongoing())
      .when(startConversation(), { by: resident })
      .thenEvents(conversationStarted('resident'), toStaff(midwife, made.conversation, texts.body));
  });

  test('R176 has one started under the id that the sender gives it', () => {
    given(...ongoing())
      .when(startConversation({ conversationId: uuid(31) }))
      .thenEvents(conversationStarted('staff', uuid(31)), toResident(false, uuid(31), texts.body));
  });

  test('R176 is refused another conversation under a taken id', () => {
    given(...ongoing(), conversation(), message())
      .when(startConversation({ conversationId }))
      .thenRefused('conversation-exists');
  });

  test('R177 is refused a reply in a conversation that it has not got', () => {
    given(...ongoing())
      .when(reply())
      .thenRefused('unknown-conversation');
  });

  test('is refused the reading of a conversation that it has not got', () => {
    given(...ongoing())
      .when(read)
      .thenRefused('unknown-conversation');
  });

  test('R167 D7 notifies the inbox of a message where the template says so', () => {
    given(...ongoingAmning())
      .when(startConversation(), {}, amning)
      .thenEvents(conversationStarted('staff'), toResident(true, made.conversation, texts.body));
  });

  test.each([true, false])('R169 D7 notifies the inbox of a message as the clinician chooses: %s', (notifyInbox) => {
    given(...ongoingAmning())
      .when(startConversation({ notifyInbox }), {}, amning)
      .thenEvents(conversationStarted('staff'), toResident(notifyInbox, made.conversation, texts.body));
  });

  test.each([startConversation(), reply(), read])(
    'R018 R019 takes $type from no other clinician than the responsible one',
    (command) => {
      given(...ongoing(), conversation('resident'), message('resident'))
        .when(command, { by: staff(colleague) })
        .thenRefused('not-responsible');
    },
  );
});

describe('a conversation', () => {
  const begun = [...ongoing(), conversation(), message()];

  test('R088 R173 R177 R184 is answered by the resident, to the responsible clinician', () => {
    given(...begun)
      .when(reply(), { by: resident })
      .thenEvents(toStaff(midwife, conversationId, 'Tack, bra.'));
  });

  test('R019 R174 R177 is answered by the clinician', () => {
    given(...begun)
      .when(reply())
      .thenEvents(toResident(false, conversationId, 'Tack, bra.'));
  });

  test('R169 D7 is answered with a notice to the inbox where the clinician ticks it', () => {
    given(...begun)
      .when(reply({ notifyInbox: true }))
      .thenEvents(toResident(true, conversationId, 'Tack, bra.'));
  });

  test('R169 takes no such choice from the resident', () => {
    given(...begun)
      .when(reply({ notifyInbox: true }), { by: resident })
      .thenEvents(toStaff(midwife, conversationId, 'Tack, bra.'));
  });

  test('R177 is answered as often as somebody answers', () => {
    given(...begun, message())
      .when(reply())
      .thenEvents(toResident(false, conversationId, 'Tack, bra.'));
  });

  test('R184 I13 is addressed to the new clinician after a change', () => {
    given(...begun, clinicianChanged())
      .when(reply(), { by: resident })
      .thenEvents(toStaff(colleague, conversationId, 'Tack, bra.'));
  });

  test('R192 R194 I13 I14 is addressed to the sending clinician while a handover is pending', () => {
    given(...begun, handoverInitiated())
      .when(reply(), { by: resident })
      .thenEvents(toStaff(midwife, conversationId, 'Tack, bra.'));
  });

  test('R160 is read by the resident when the clinician has written', () => {
    given(...begun)
      .when(read, { by: resident })
      .thenEvents(wasRead('resident'));
  });

  test('R160 is read by the clinician when the resident has written', () => {
    given(...begun, message('resident'))
      .when(read)
      .thenEvents(wasRead('staff'));
  });

  test('R160 is read once', () => {
    given(...begun, wasRead('resident'))
      .when(read, { by: resident })
      .thenNothing();
  });

  test('R160 has nothing to read for who wrote it', () => {
    given(...begun)
      .when(read)
      .thenNothing();
  });

  test('R160 is unread again with the next message, whatever the writer has read', () => {
    given(...begun, wasRead('resident'), message())
      .when(read, { by: resident })
      .thenEvents(wasRead('resident'));
  });

  test('R160 is left unread by one side when the other reads', () => {
    given(...begun, message('resident'), wasRead('staff'))
      .when(read, { by: resident })
      .thenEvents(wasRead('resident'));
  });
});

describe('a conversation of an ended program', () => {
  const over = [...ongoing(), conversation('resident'), message('resident'), ended()];
  const readable = [...ongoing(), conversation(), message(), ended({ readableUntil: '2026-05-31' })];

  test('D24 is still read by the clinician', () => {
    given(...over)
      .when(read)
      .thenEvents(wasRead('staff'));
  });

  test('D24 is read once', () => {
    given(...over, wasRead('staff'))
      .when(read)
      .thenNothing();
  });

  test('is refused the reading of one that it has not got', () => {
    given(...ongoing(), ended())
      .when(read)
      .thenRefused('unknown-conversation');
  });

  test.each([startConversation(), reply()])('R238 I20 is refused $type by the clinician', (command) => {
    given(...over)
      .when(command)
      .thenRefused('program-has-ended');
  });

  test.each([startConversation(), reply(), read])('R231 R232 R234 D12 is refused $type by the resident', (command) => {
    given(...over)
      .when(command, { by: resident })
      .thenRefused('program-has-ended');
    given(...readable)
      .when(command, { by: resident })
      .thenRefused('read-only');
  });
});
