export { createDocker } from './docker.ts'
export { createLocalHost } from './local-host.ts'
export { checkLocalDocker } from './local-check.ts'
export { findLocalDocker } from './find-local.ts'
