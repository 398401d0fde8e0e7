/** A process that measures one part of the bench, and gives its rows and its memory to whoever started it. */
import { doingJobs } from './apart.ts';
import { doJob } from './works/tasks.ts';

doingJobs(doJob);
