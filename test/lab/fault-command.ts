import { createFaults, type Faults } from './faults/index.ts'
import type { Instance } from './instance.ts'
import { LabError } from './lab-error.ts'

export const faultUsage = `    cable HOST pull|plug
    proxy HOST delay MS|rate BYTES_PER_SECOND|stall|cut [refuse]|clear
    docker HOST stop|start|kill|restart
    disk HOST fill|free
    hostkey HOST new|restore
    sshd HOST set 'LINE' …|reset|stop|start
    image HOST forget [IMAGE]
    port HOST hold PORT|free PORT
    socket HOST hide|show
    network change|restore  the laptop's address on the way to all hosts
    registry stop|start     where images are pulled from
    keychain stop|start
    clear                   mend everything`

/** Faults that are no single host's. */
const ofTheLab = new Set(['keychain', 'network', 'registry'])

type Carry = (host: string, rest: readonly string[]) => Promise<string | void>

/** Carries out `fault …`. What it answers, such as a fingerprint, is printed. */
export async function faultCommand(
  instance: Instance,
  args: readonly string[],
  print: (text: string) => void,
): Promise<void> {
  const faults = createFaults(instance)
  const [noun = '', second = '', third = '', ...rest] = args
  if (noun === 'clear') return faults.clear()
  const [host, verb] = ofTheLab.has(noun) ? ['', second] : [second, third]
  const carry = commands(faults)[`${noun} ${verb}`]
  if (!carry) {
    throw new LabError(`There is no fault "${args.join(' ')}". There are:\n${faultUsage}`, {
      exitCode: 2,
    })
  }
  const answer = await carry(host, rest)
  if (typeof answer === 'string') print(answer)
}

function commands(faults: Faults): Readonly<Record<string, Carry>> {
  const { cable, network, proxy, docker, disk, hostkey } = faults
  const { sshd, image, port, socket, registry, keychain } = faults
  return {
    'cable pull': cable.pull,
    'cable plug': cable.plug,
    'proxy delay': (host, [ms]) => proxy.delay(host, number(ms)),
    'proxy rate': (host, [bytes]) => proxy.rate(host, number(bytes)),
    'proxy stall': proxy.stall,
    'proxy cut': (host, [word]) => proxy.cut(host, { refuse: word === 'refuse' }),
    'proxy clear': proxy.clear,
    'docker stop': docker.stop,
    'docker start': docker.start,
    'docker kill': docker.kill,
    'docker restart': docker.restart,
    'disk fill': (host) => disk.fill(host),
    'disk free': disk.free,
    'hostkey new': hostkey.new,
    'hostkey restore': hostkey.restore,
    'sshd set': sshd.set,
    'sshd reset': sshd.reset,
    'sshd stop': sshd.stop,
    'sshd start': sshd.start,
    'image forget': (host, [name]) => image.forget(host, name),
    'port hold': (host, [text]) => port.hold(host, number(text)),
    'port free': (host, [text]) => port.free(host, number(text)),
    'socket hide': socket.hide,
    'socket show': socket.show,
    'network change': network.change,
    'network restore': network.restore,
    'registry stop': registry.stop,
    'registry start': registry.start,
    'keychain stop': keychain.stop,
    'keychain start': keychain.start,
  }
}

function number(text: string | undefined): number {
  const value = Number(text)
  if (text !== undefined && text !== '' && value >= 0) return value
  throw new LabError(`A number is wanted here, not "${text ?? ''}".`, { exitCode: 2 })
}
