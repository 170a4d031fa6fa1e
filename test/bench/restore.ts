import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { mustRun } from '../../scripts/program.ts'
import { rounds, withBackups, type BackupBench } from './backup-bench.ts'
import { image, type BenchLab } from './bench-lab.ts'
import { contender, race } from './race.ts'
import { rowOf, times, type Benchmark } from './row.ts'

/**
 * From a backup on this computer to a database on the host that has its rows: a new server, the dump
 * decrypted, compared, sent, read to its end there, restored, and the rows of every table counted.
 * Against what one would type with a dump of `pg_dump -Fc` on this computer: a new server, the file
 * sent into it and `pg_restore -j2`, with nothing checked or counted. The floor is that on the host
 * itself, without a link.
 */
export const restore: Benchmark = {
  name: 'restore',
  measure: (lab, signal) =>
    withBackups(lab, 'bench-restore', async (bench) => {
      await bench.ask('backup')
      const hand = await prepareByHand(lab, bench)
      const ours = contender(() => bench.ask('restore'), {
        after: async () => void (await bench.ask('purge')),
      })
      await race([ours, hand.peer, hand.floor], { rounds, signal })
      return rowOf('restore', {
        ours: ours.median(),
        peer: hand.peer.median(),
        floor: hand.floor.median(),
      })
    }),
  aims: ({ ours, peer }) => [
    { text: `1.0 of pg_restore -j2 over ssh: ${times(ours, peer)}`, met: ours / peer <= 1 },
  ],
}

/** An expert's dump of the same database, and how it becomes one again. */
async function prepareByHand(lab: BenchLab, { containerId, database, folder }: BackupBench) {
  const { user, database: source } = database
  const file = join(folder, 'by-hand')
  const dump = `docker exec ${containerId} pg_dump -U ${user} -Fc ${source}`
  await mustRun('sh', ['-c', 'ssh "$1" "$2" >"$3"', 'sh', lab.target, dump, file], {
    env: lab.env,
  })
  const name = `bench-${randomBytes(3).toString('hex')}`
  const remove = { after: async () => void (await lab.onHost(`docker rm -f -v ${name}`)) }
  const start = [
    `docker run -d --name ${name} --shm-size 256m -e POSTGRES_PASSWORD=${randomBytes(12).toString('hex')}`,
    `-e POSTGRES_USER=${user} -e POSTGRES_DB=${source} ${image} >/dev/null`,
    `&& until docker exec ${name} pg_isready -q -h 127.0.0.1; do sleep 0.05; done`,
  ].join(' ')
  const fill = `pg_restore -j2 -U ${user} -d ${source} --exit-on-error /tmp/dump`
  // One command: the file goes through ssh straight into the container, without a second copy.
  const receive = `docker exec -i ${name} sh -c 'cat >/tmp/dump && ${fill}'`
  const peer = contender(
    () =>
      mustRun(
        'sh',
        ['-c', 'ssh "$1" "$2" <"$3"', 'sh', lab.target, `${start} && ${receive}`, file],
        { env: lab.env },
      ),
    remove,
  )
  await lab.onHost(`docker exec ${containerId} pg_dump -U ${user} -Fc -f /tmp/dump ${source}`)
  const floor = contender(
    () => lab.onHost(`${start} && docker exec ${containerId} cat /tmp/dump | ${receive}`),
    remove,
  )
  return { peer, floor }
}
