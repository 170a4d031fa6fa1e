export { createDocker } from './docker.ts'
export { createLocalHost } from './local-host.ts'
export { checkLocalDocker, findLocalDocker } from './local-check.ts'
