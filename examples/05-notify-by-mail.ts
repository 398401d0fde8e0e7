/** Tells staff by e-mail, through SMTP, that something waits for them: never what, for mail is no place for care. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Notification } from 'folja';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { bmm, done, midwife, openWithUnits, startProgram } from './setUp.ts';

// In place of the region's own: a mail server on this machine that prints what it is given, and is not up at first.
let isUp = false;
const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  onMailFrom: (_address, _session, answer) => answer(isUp ? null : new Error('not yet')),
  onData: (stream, _session, answer) => {
    text(stream).then((mail) => {
      const [head = '', body = ''] = mail.split('\r\n\r\n');
      for (const line of head.split('\r\n').filter((one) => /^(To|Subject|Message-ID):/.test(one))) console.log(line);
      console.log(body.trim());
      answer();
    }, answer);
  },
});
server.listen(0, '127.0.0.1');
await once(server.server, 'listening');
const { port } = server.server.address() as AddressInfo;
const mail = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });

// The addresses are the host's; the library knows HSA-ids only.
const addresses = new Map([[midwife.hsaId, 'maja.moberg@region.example']]);

const deliver = async ({ id, to, channel, about }: Notification): Promise<void> => {
  const address = to.kind === 'staff' ? addresses.get(to.hsaId) : undefined;
  if (channel !== 'email' || address === undefined) return; // other ways are not part of this example
  const subject = about === 'message' ? 'Ett nytt meddelande' : 'Nytt att titta till';
  const words = 'Logga in i SoB.';
  await mail.sendMail({ from: 'folja@region.example', to: address, subject, text: words, messageId: `${id}@folja` });
};

// A host's clock is the system's; this one is moved by hand.
let now = Date.parse('2026-03-02T08:00:00.000Z');
const folja = await openWithUnits({ deliver, clock: () => new Date(now) });
const choice = { unitId: bmm, receive: true, channels: ['email'], flagTypes: ['message'] };
done(await folja.execute({ type: 'set-notifications', data: choice }, midwife));
await startProgram(folja); // in which the parent writes a first message

console.log(`The server is down: ${(await folja.tick()).delivered} delivered`);
isUp = true;
now += 60_000; // a scheduler calls once a minute
console.log(`It is up again: ${(await folja.tick()).delivered} delivered`);

await folja.close();
mail.close();
server.close();
