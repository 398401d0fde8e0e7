/** Holds the rules of the library against random runs, under a host's own policy; a test would run each of them by itself. */
import { inMemoryStore, openFolja } from 'folja';
import { type ComplianceOptions, compliance, reportAsMarkdown, verdicts } from 'folja/compliance';
import { gavleborg } from './policies/gavleborg.ts';

const masterKey = new Uint8Array(32).fill(7);

// In care: the host's own store, empty each time; what is given is handed on, and what openFolja gives is given back as it is.
const options: ComplianceOptions = {
  open: (given) => openFolja({ store: inMemoryStore(), masterKey, policy: gavleborg, ...given }),
  // In a test: 100, which is what there is unless told.
  ...{ runs: 3, steps: 12 },
};

// As tests, in any framework: for (const { name, check } of compliance(options)) test(name, check);
const [first] = compliance(options);
await first?.check();
console.log(`${first?.name}: holds`);

const found = await verdicts(options);
const [title, , sum] = reportAsMarkdown(found, { at: '2026-03-02' }).split('\n');
console.log(title);
console.log(`${sum} The policy is ${found.tried.policy}.`);
