import type { Service } from '../core.ts'
import { checkedCreate, newDatabase } from '../databases/new-database.ts'
import { readyDatabase } from '../databases/ready-database.ts'
import type { JobDefinition } from '../jobs/job-definition.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { secretKeys } from '../ports.ts'
import { withAuthorities } from './authorities.ts'
import type { ExportFileInput, TransferDeps } from './export-file.ts'
import type { ImportFileInput } from './import-file.ts'
import { peekAtFile } from './look-at-file.ts'
import type { ImportServerInput } from './import-server.ts'
import { peekAtSource } from './look-at-source.ts'
import { planImportFile, planImportServer } from './plan-import.ts'

/** How long a job waits for its password: a call of the keychain ends before, milliseconds. */
const keychainMs = 60_000

/** The kinds of job between a database and a file of this computer. */
export interface TransferJobs {
  exportFile: JobDefinition<ExportFileInput>
  importFile: JobDefinition<ImportFileInput>
  importServer: JobDefinition<ImportServerInput>
}

/** One database to a file, and a file to a new database. */
export function createTransfers(
  deps: TransferDeps & { jobs: Jobs; definitions: TransferJobs },
): Service<'transfers'> {
  const { stores, secrets, clock, registry, jobs, definitions, files } = deps

  return {
    exportFile: async ({ databaseId, path }) => {
      const record = readyDatabase(stores, databaseId, 'exported')
      await files.refuseTaken(path)
      const { hostId, name, environment } = record
      const about = { hostName: registry.record(hostId).name, environment }
      const jobId = jobs.enqueue({
        definition: definitions.exportFile,
        title: `Export ${name}`,
        input: { databaseId, hostId, name, path, about },
        databaseId,
        hostId,
        queue: 'maintenance',
      })
      return { jobId }
    },

    planFile: async ({ path, ...request }, options) => {
      const checked = checkedCreate(deps, request)
      const found = await peekAtFile(deps, deps.engines.get(request.engine), path)
      return planImportFile(deps, { path, found, create: checked }, options?.signal)
    },

    planServer: async ({ connectionString, ...request }, options) => {
      const checked = checkedCreate(deps, request)
      const given = deps.engines.get(request.engine).backup.parseSource(connectionString)
      const source = await withAuthorities(files, given)
      const found = await peekAtSource(deps, source, request, options?.signal)
      return planImportServer(deps, { found, create: checked }, options?.signal)
    },

    importServer: async ({ connectionString, ...request }) => {
      const engine = deps.engines.get(request.engine)
      const { password, ...source } = engine.backup.parseSource(connectionString)
      const create = await newDatabase(deps, request)
      const { about, databaseId } = create
      // The job comes first, so that whatever ends this program here leaves one who takes the password
      // out of the keychain again. It waits for longer than the keychain may take.
      const jobId = jobs.enqueue({
        definition: definitions.importServer,
        title: `Import ${request.name}`,
        input: { source, about, create },
        databaseId,
        hostId: request.hostId,
        runAt: clock.now() + keychainMs,
      })
      try {
        await secrets.set(secretKeys.importSource(databaseId), password)
      } catch (thrown) {
        await jobs.cancel({ id: jobId })
        await jobs.waitFor(jobId)
        throw thrown
      }
      // It was cancelled meanwhile, and may have looked there before.
      if (stores.jobs.get(jobId)?.cancelRequested === true)
        await secrets.delete(secretKeys.importSource(databaseId))
      jobs.hasten(jobId)
      return { databaseId, jobId }
    },

    importFile: async ({ path, ...request }) => {
      await files.size(path)
      const create = await newDatabase(deps, request)
      const { about, databaseId } = create
      const jobId = jobs.enqueue({
        definition: definitions.importFile,
        title: `Import ${request.name}`,
        input: { path, about, create },
        databaseId,
        hostId: request.hostId,
      })
      return { databaseId, jobId }
    },
  }
}
