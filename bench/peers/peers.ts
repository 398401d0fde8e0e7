import { actPeer } from './act.ts';
import { emmett } from './emmett.ts';
import { evtstorePeer } from './evtstore.ts';
import type { Peer } from './peer.ts';

/** The peers, in the order of the columns. */
export const peers: readonly Peer[] = [emmett, evtstorePeer, actPeer];
