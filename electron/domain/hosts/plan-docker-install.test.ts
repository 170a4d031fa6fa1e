import { describe, expect, it } from 'vitest'
import { planDockerInstall, type InstallFacts } from './plan-docker-install.ts'

const debian: InstallFacts = {
  user: 'root',
  uid: 0,
  os: 'Debian GNU/Linux 12 (bookworm)',
  id: 'debian',
  version: '12',
  apt: '/usr/bin/apt-get',
  sudo: '',
  docker: '',
  package: '',
  systemd: 'yes',
  apparmor: '',
}
const commands = (facts: Partial<InstallFacts>) =>
  planDockerInstall({ ...debian, ...facts }, 'ams-1').steps.map(({ command }) => command)
const refusal = (facts: Partial<InstallFacts>): unknown => {
  try {
    return commands(facts)
  } catch (thrown) {
    return thrown
  }
}

describe('the plan to install Docker', () => {
  it('is three commands for root, of the distribution’s own package', () => {
    const [update, install, start, ...more] = commands({})
    expect(update).toMatch(/^env LC_ALL=C DEBIAN_FRONTEND=noninteractive \S+ apt-get update$/)
    expect(install).toMatch(/ apt-get install -y .*--no-remove.* docker\.io$/)
    expect(start).toBe('systemctl enable --now docker')
    expect(more).toEqual([])
  })

  it('goes through sudo for another user, who joins the group', () => {
    const all = commands({ uid: 1000, user: 'deploy', sudo: 'yes' })
    expect(all.every((command) => command.startsWith('sudo -n '))).toBe(true)
    expect(all.at(-1)).toBe('sudo -n usermod -aG docker deploy')
  })

  it('quotes a name that a shell would take apart', () => {
    const all = commands({ uid: 1000, user: "DOM\\o'neil x", sudo: 'yes' })
    expect(all.at(-1)).toBe(`sudo -n usermod -aG docker 'DOM\\o'\\''neil x'`)
  })

  it.each([
    [{ version: '13' }, / docker\.io docker-cli$/],
    [{ version: '' }, / docker\.io docker-cli$/],
    [{ id: 'ubuntu', version: '24.04' }, / docker\.io$/],
    [{ apparmor: 'missing' }, / docker\.io apparmor$/],
  ])('takes the packages that %o needs', (facts, packages) => {
    expect(commands(facts)[1]).toMatch(packages)
  })

  it('starts Docker by its script where no systemd runs', () => {
    expect(commands({ systemd: '' })[2]).toBe('service docker start')
  })

  it('is named by its commands, whatever else is found', () => {
    const key = (facts: Partial<InstallFacts>) =>
      planDockerInstall({ ...debian, ...facts }, 'x').key
    expect(key({ os: 'Debian' })).toBe(key({}))
    expect(key({ systemd: '' })).not.toBe(key({}))
  })

  it('can be made again while its own package is there', () => {
    const half = { docker: '/usr/sbin/dockerd', package: 'install ok installed' }
    expect(commands(half)).toEqual(commands({}))
  })

  it.each([
    [{ id: 'alpine', os: 'Alpine Linux v3.20', apt: '' }, 'Debian and Ubuntu alone'],
    [{ id: '', os: '' }, 'an unknown system'],
    [{ docker: '/usr/bin/dockerd' }, 'leaves it alone'],
    [{ uid: 1000, user: 'deploy' }, 'sudo without a password'],
  ])('is refused for %o, with what to do', (facts, hint) => {
    expect(refusal(facts)).toMatchObject({
      code: 'install_unsupported',
      hint: expect.stringContaining(hint) as string,
    })
  })
})
