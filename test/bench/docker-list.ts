import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mustRun, say } from '../../scripts/program.ts'
import { image, type BenchLab } from './bench-lab.ts'
import { openDockerSocket } from './docker-socket.ts'
import { openHost } from './open-host.ts'
import { contender, race } from './race.ts'
import { rowOf, times, type Benchmark } from './row.ts'

const containers = 50
const label = { name: 'io.quayside.bench', value: 'docker-list' }
const filter = `label=${label.name}=${label.value}`
const mine = JSON.stringify({ label: [`${label.name}=${label.value}`] })
const rawPath = `/containers/json?all=1&filters=${encodeURIComponent(mine)}`

/**
 * Listing fifty containers over SSH, against one `docker -H ssh://…` command. The floor is the same
 * question on the engine's own socket, plus one round trip of an SSH connection.
 */
export const dockerList: Benchmark = {
  name: 'docker-list',

  async measure(lab, signal) {
    await lab.onHost(
      `for n in $(seq ${containers}); do docker create --label ${label.name}=${label.value} ${image}; done`,
    )
    const host = await openHost(lab, signal)
    const socket = openDockerSocket(lab.host.dockerSocket)
    const echo = openEcho(lab)
    try {
      const ours = contender(
        async () => {
          const listed = await host.docker().listContainers({ [label.name]: label.value })
          if (listed.length !== containers) throw new Error(`Listed ${listed.length} containers.`)
        },
        { perRound: 8 },
      )
      const command = ['-H', `ssh://${lab.target}`, 'ps', '--all', '--filter', filter]
      const peer = contender(() => mustRun('docker', command, { env: lab.env }))
      const plain = contender(() => socket.get(rawPath), { perRound: 8 })
      const roundTrip = contender(() => echo.bounce(), { perRound: 8 })
      await race([ours, plain, roundTrip, peer], { rounds: 10, signal })
      const parts = `socket ${plain.median().toFixed(2)} ms, round trip ${roundTrip.median().toFixed(2)} ms`
      say(`  docker-list, the floor: ${parts}`)
      return rowOf('docker-list', {
        ours: ours.median(),
        peer: peer.median(),
        floor: plain.median() + roundTrip.median(),
      })
    } finally {
      await echo.close()
      socket.close()
      await host.close()
      await lab.onHost(`docker rm --force $(docker ps --all --quiet --filter ${filter})`)
    }
  },

  aims: ({ ours, peer, floor }) => [
    {
      text: `at least 50 times faster than the command: ${times(peer, ours)}`,
      met: peer / ours >= 50,
    },
    { text: `within 1.5 times the floor: ${times(ours, floor)}`, met: ours / floor <= 1.5 },
  ],
}

/** One byte there and back over a connection of the machine's own ssh. */
function openEcho({ target, env }: BenchLab) {
  const program = spawn('ssh', [target, 'cat'], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  return {
    async bounce() {
      const back = once(program.stdout, 'data')
      program.stdin.write('x')
      await back
    },
    async close() {
      const ended = once(program, 'exit')
      program.stdin.end()
      await ended
    },
  }
}
