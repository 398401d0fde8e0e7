import type { Agenda } from './agenda.ts';
import type { Calling } from './calling.ts';
import { marker, type Resident, type StaffActor } from './people.ts';
import type { Random } from './random.ts';
import type { Unit } from './region.ts';

/** What everybody in the simulation works with. */
export type Life = {
  readonly calling: Calling;
  readonly random: Random;
  readonly agenda: Agenda;
  readonly units: readonly Unit[];
  readonly programs: Map<string, Program>;
};

/** A started program, as those who have to do with it remember it. */
export type Program = {
  readonly programId: string;
  readonly templateId: string;
  readonly resident: Resident;
  unit: Unit;
  clinician: StaffActor;
  state: 'ongoing' | 'ended' | 'purged';
  handedOver: boolean;
};

/** A personal text. */
export const text = ({ between }: Random, what: string): string => `${marker} ${what} ${between(1, 1_000_000)}`;

/** Office hours in Sweden, in minutes of a day in UTC. */
export const officeTime = ({ between }: Random): number => between(7 * 60, 15 * 60);

/** Views as far as the simulated people look at them. */
export type Module = {
  readonly id: string;
  readonly obligation: string;
  readonly state: 'closed' | 'open' | 'completed';
  readonly current: boolean;
  readonly finishedAt?: string;
  readonly daysLeft?: number;
  readonly sections: readonly { readonly id: string; readonly progress: string }[];
  readonly forms: readonly { readonly id: string; readonly state: string }[];
};
export type Manage = {
  readonly modules: readonly Module[];
  readonly plans: readonly { readonly planId: string; readonly stopped: boolean }[];
  readonly flags: readonly {
    readonly flagId: string;
    readonly type: string;
    readonly link: { readonly id?: string };
  }[];
};
export type StartPage = { readonly modules: readonly Module[]; readonly unread: number; readonly writable: boolean };
export type ConversationRow = { readonly conversationId: string; readonly unread: number };
