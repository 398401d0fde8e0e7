import type { CommandName, ViewName } from '../../domain/permissions.ts';

/** The tabs of a view are rows of their own in the table of permissions; the log knows the view. */
type Viewed<Name> = Name extends `${infer View} ${string}` ? View : Name;
/** What the library does of itself with a program, and logs. */
type OwnWork = 'certify-erasure';
type Action = CommandName | Viewed<ViewName> | OwnWork;

/**
 * What each act was, in words that let a resident judge whether it was called for (HSLF-FS 2016:40 4 kap. 10 §). A command or a view without
 * words does not compile.
 */
const words: { readonly [Name in Action]: string } = {
  // The unit and its staff
  'activate-unit': 'Tog vårdenheten i bruk',
  'change-unit': 'Ändrade uppgifter om vårdenheten',
  'deactivate-unit': 'Tog vårdenheten ur bruk',
  'enable-template': 'Gav vårdenheten rätt att starta ett program',
  'disable-template': 'Tog bort vårdenhetens rätt att starta ett program',
  'register-staff': 'Registrerade personal',
  'grant-role': 'Gav en behörighet',
  'revoke-role': 'Tog bort en behörighet',
  'deactivate-staff': 'Stängde av en medarbetares behörigheter',
  'reactivate-staff': 'Öppnade en medarbetares behörigheter igen',
  'sign-in': 'Loggade in',
  'set-notifications': 'Ändrade sina aviseringar',

  // The content of the programs
  'publish-template': 'Publicerade en version av programmets innehåll',
  'review-template': 'Granskade programmets innehåll',

  // One program
  'start-program': 'Startade ditt program',
  'change-welcome-text': 'Ändrade välkomsttexten i ditt program',
  'activate-module': 'Öppnade en modul i ditt program',
  'set-current-module': 'Valde vilken modul i ditt program som är aktuell',
  'complete-module': 'Markerade en modul i ditt program som avklarad',
  'change-module-days': 'Ändrade tiden för en modul i ditt program',
  'deactivate-module': 'Stängde en modul i ditt program',
  'open-program': 'Öppnade programmet',
  'open-section': 'Öppnade ett avsnitt',
  'complete-section': 'Gick igenom ett avsnitt',
  'finish-module': 'Gjorde färdigt en modul',
  'save-form': 'Sparade ett formulär',
  'submit-form': 'Skickade in ett formulär',
  'open-form': 'Öppnade ett formulär som du har skickat in',
  'start-conversation': 'Skrev ett meddelande i en ny konversation',
  reply: 'Svarade på ett meddelande',
  'read-conversation': 'Läste meddelanden',
  comment: 'Skrev en kommentar',
  'read-comment': 'Läste en kommentar som du har skrivit',
  'raise-flag': 'Satte en flagga på ditt program',
  'clear-flag': 'Tog bort en flagga från ditt program',
  'create-activity-plan': 'Skapade en aktivitetsplan',
  'change-activity-plan': 'Ändrade en aktivitetsplan',
  'stop-activity-plan': 'Avslutade en aktivitetsplan',
  'register-activity': 'Registrerade en aktivitet',
  'send-reminder': 'Skickade en påminnelse till dig',
  'change-clinician': 'Bytte behandlare i ditt program',
  'announce-absence': 'Meddelade att behandlaren är frånvarande',
  'record-documentation': 'Noterade att något är dokumenterat i journalen',
  'set-resident-notifications': 'Ändrade hur du aviseras',
  'end-program': 'Avslutade ditt program',
  'close-maintenance': 'Stängde din läsning av det avslutade programmet',
  'export-program': 'Tog ut en kopia av uppgifterna i ditt program',
  'purge-program': 'Gallrade uppgifterna i ditt program',
  'initiate-handover': 'Erbjöd en annan vårdenhet att ta över ditt program',
  'withdraw-handover': 'Tog tillbaka erbjudandet om att ta över ditt program',
  'approve-handover': 'Tog över ditt program',
  'deny-handover': 'Avböjde att ta över ditt program',

  // What was seen
  overview: 'Såg ditt program i en lista',
  caseload: 'Såg ditt program i en lista över enhetens program',
  documentation: 'Såg vad som ska dokumenteras i journalen',
  'purge-list': 'Såg ditt program i en lista över program som ska gallras',
  staff: 'Såg enhetens personal',
  profile: 'Såg sina egna inställningar',
  program: 'Såg översikten över ditt program',
  form: 'Läste ett formulär som du har skickat in',
  comments: 'Läste kommentarer som du har skrivit',
  conversations: 'Såg listan över dina konversationer',
  conversation: 'Läste en konversation med dig',
  activities: 'Såg dina aktiviteter',
  timeline: 'Såg tidslinjen för ditt program',
  purge: 'Såg att ditt program är gallrat',
  'my-programs': 'Såg sina egna program',
  'my-program': 'Såg startsidan i sitt eget program',
  'access-report': 'Läste sin egen logg',
  template: 'Läste programmets innehåll',
  templates: 'Såg listan över program',
  units: 'Sökte bland vårdenheter',
  statistics: 'Såg statistik',
  undelivered: 'Såg aviseringar som inte har kommit fram',
  audit: 'Granskade loggen över åtkomst till dina uppgifter',
  'log-export': 'Tog ut loggen över åtkomst till dina uppgifter',
  'log-checks': 'Såg vilka granskningar av loggen som har gjorts',

  // The log itself
  'record-log-check': 'Antecknade en granskning av loggen',
  'dispose-log-year': 'Gallrade ett år av loggen',
  'certify-erasure': 'Intygade att uppgifterna i ditt program är borta',
};

const known: ReadonlyMap<string, string> = new Map(Object.entries(words));

/** What an entry of the log was, for the resident whom it is about. */
export const accessWords = (action: string): string => known.get(action) ?? 'Använde uppgifter i ditt program';

/** Where somebody acted who belongs to no care unit. */
export const placeWithoutUnit: Readonly<Record<string, string>> = {
  platform: 'Plattformens förvaltning',
  system: 'Plattformens automatiska funktioner',
};
