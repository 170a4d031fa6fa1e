import type { GroupSpec } from '../command.ts'

/** `quayside job …` */
export const jobCommands: GroupSpec = {
  name: 'job',
  summary: 'durable pieces of work, and how they ended',
  commands: [
    {
      usage: 'list',
      summary: 'List jobs, the newest first',
      options: [{ flags: '--limit <count>', text: 'how many at most (20)' }],
      examples: [['job list', 'the last twenty']],
      load: async () => (await import('./look-at-jobs.ts')).listJobs,
    },
    {
      usage: 'show <job>',
      summary: 'Show a job with its steps; JOB is its id or the beginning of it',
      examples: [['job show 3f2a9c1b', 'its steps and its reason']],
      load: async () => (await import('./look-at-jobs.ts')).showJob,
    },
    {
      usage: 'wait <job>',
      summary: 'Wait for a job, working on it if nobody else does',
      details: 'Ends with exit code 0 when the job is done, else with the code of its error.',
      examples: [['job wait 3f2a9c1b', 'after "db create … --detach"']],
      load: async () => (await import('./change-jobs.ts')).waitForJob,
    },
    {
      usage: 'cancel <job>',
      summary: 'Cancel a job and wait until what it made is taken back',
      examples: [['job cancel 3f2a9c1b', 'cancel it']],
      load: async () => (await import('./change-jobs.ts')).cancelJob,
    },
    {
      usage: 'retry <job>',
      summary: 'Run a failed job again, or a waiting one at once, and wait for it',
      examples: [['job retry 3f2a9c1b', 'run it again']],
      load: async () => (await import('./change-jobs.ts')).retryJob,
    },
  ],
}
