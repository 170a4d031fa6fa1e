import { Worker } from 'node:worker_threads'
import * as z from 'zod'

/** A server in a thread of its own, so that its memory and its work are not the test's. */
export interface TestServer {
  endpoint: string
  everything(): Promise<string[]>
  stop(): Promise<void>
}

/** Starts one of the files here; it tells its address once it listens. */
export async function startServer(file: string): Promise<TestServer> {
  const worker = new Worker(new URL(file, import.meta.url))
  const endpoint = await new Promise<string>((resolve, reject) => {
    worker.once('message', (address) => resolve(z.string().parse(address)))
    worker.once('error', reject)
  })
  return {
    endpoint,
    everything: async () =>
      z.array(z.string()).parse(await (await fetch(`${endpoint}/-/everything`)).json()),
    stop: async () => void (await worker.terminate()),
  }
}
