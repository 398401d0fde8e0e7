import { eventStoreContract } from '../contract.ts';
import { clusterOfFile, openOn } from './clusterBuilders.ts';

eventStoreContract('the store on a cluster', openOn(clusterOfFile()), 'behind it');
