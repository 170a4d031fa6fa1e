export { createHeavyThread } from './heavy-thread.ts'
export { joinMainThread } from './inside.ts'
