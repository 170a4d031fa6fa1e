import { paragraph, secretOptions, type GroupSpec } from '../command.ts'

/** `quayside host …` */
export const hostCommands: GroupSpec = {
  name: 'host',
  summary: 'machines with Docker, reached over SSH or by the local socket',
  commands: [
    {
      usage: 'add <name>',
      summary: 'Add a host, after walking the way to it step by step',
      details: [
        paragraph(
          'Say how to reach it: --address with a login (--agent, --key or --password), --ssh-config,',
          'or --local. Passwords and passphrases are asked for, or come by --secret-file or',
          '--secret-stdin; they are kept in the keychain and never stand in a command line.',
        ),
        '',
        paragraph(
          'A host key that this computer has not met is shown and accepted by typing "yes". Without',
          'a terminal the command ends with exit code 6 and prints the --accept-host-key to add,',
          'once the fingerprint is compared with the server’s own.',
        ),
      ].join('\n'),
      options: [
        { flags: '--address <address>', text: 'host name or IP address' },
        { flags: '--port <port>', text: 'SSH port (22)' },
        { flags: '--user <user>', text: 'user to log in as (root)' },
        { flags: '--agent', text: 'log in with the SSH agent; the default' },
        { flags: '--key <path>', text: 'log in with a private key file' },
        { flags: '--password', text: 'log in with a password' },
        {
          flags: '--ssh-config <alias>',
          text: 'a name from ~/.ssh/config, which says all the rest',
        },
        { flags: '--local [socket]', text: 'Docker on this computer, without SSH' },
        { flags: '--base-domain <domain>', text: 'databases get {container}.db.DOMAIN as address' },
        {
          flags: '--data-directory <path>',
          text: 'databases keep their data in folders there, not in volumes',
        },
        { flags: '--accept-host-key <fingerprint>', text: 'the host key you have compared' },
        {
          flags: '--without-docker',
          text: 'add it also where Docker is missing, to install it then',
        },
        ...secretOptions,
      ],
      examples: [
        ['host add ams-1 --address 203.0.113.7 --user deploy --agent', 'with the SSH agent'],
        ['host add ams-1 --address db.example.com --key ~/.ssh/id_ed25519', 'with a key file'],
        ['host add ams-1 --ssh-config ams', 'by a name from ~/.ssh/config'],
        ['host add here --local', 'Docker on this computer'],
        [
          'host add ams-1 --address 203.0.113.7 --password --secret-file pw --accept-host-key SHA256:…',
          'from a script',
        ],
      ],
      load: async () => (await import('./add-host.ts')).addHost,
    },
    {
      usage: 'list',
      summary: 'List the hosts and how they are',
      examples: [
        ['host list', 'all hosts'],
        ['host list --json', 'for a script'],
      ],
      load: async () => (await import('./list-hosts.ts')).listHosts,
    },
    {
      usage: 'check <name>',
      summary: 'Connect to a host anew and show what it is and what it lacks',
      details: 'Ends with exit code 0 only when Docker on it can be used.',
      examples: [['host check ams-1', 'is it there, and what does it lack']],
      load: async () => (await import('./check-host.ts')).checkHost,
    },
    {
      usage: 'show <name>',
      summary: 'Show a host: system, Docker, load, memory, disks, containers',
      examples: [
        ['host show ams-1', 'how it fares'],
        ['host show ams-1 --json', 'for a script'],
      ],
      load: async () => (await import('./show-host.ts')).showHost,
    },
    {
      usage: 'ports <name>',
      summary: 'List the open ports of a host, tried from this computer, against what should be',
      details: paragraph(
        'Databases belong on the loopback; SSH and web servers are meant to be open. Ends with exit',
        'code 11 when a database, or Docker’s API without TLS, is open to the network.',
      ),
      examples: [
        ['host ports ams-1', 'which ports are open, and who holds them'],
        ['host ports ams-1 --json', 'for a script'],
      ],
      load: async () => (await import('./host-ports.ts')).hostPorts,
    },
    {
      usage: 'install-docker <name>',
      summary: 'Install Docker on a host that runs Debian or Ubuntu',
      details: paragraph(
        'Shows the exact commands first, and runs them one by one once you have said yes. They install',
        'the distribution’s own package docker.io, as root or through sudo without a password.',
        'Everything can be repeated: what is there already stays.',
      ),
      options: [
        { flags: '--plan', text: 'only show the commands; nothing changes' },
        { flags: '--yes', text: 'run them without asking' },
      ],
      examples: [
        ['host install-docker ams-1 --plan', 'what would be done'],
        ['host install-docker ams-1', 'shows it, asks, does it'],
      ],
      load: async () => (await import('./install-docker.ts')).installDocker,
    },
    {
      usage: 'set <name>',
      summary: 'Change where new databases of a host keep their data',
      details: 'Databases that are there stay where they are.',
      options: [
        { flags: '--data-directory <path>', text: 'an absolute path on the host, made if missing' },
        { flags: '--volumes', text: 'in Docker’s own volumes again' },
      ],
      examples: [
        ['host set ams-1 --data-directory /srv/databases', 'in folders of their own there'],
        ['host set ams-1 --volumes', 'in volumes, the default'],
      ],
      load: async () => (await import('./change-host.ts')).setHost,
    },
    {
      usage: 'remove <name>',
      summary: 'Forget a host that holds no database; nothing on it changes',
      examples: [['host remove ams-1', 'forget ams-1']],
      load: async () => (await import('./change-host.ts')).removeHost,
    },
    {
      usage: 'trust-key <name> <fingerprint>',
      summary: 'Accept a host key that has changed',
      details:
        'Do so only when you know why it changed, and after comparing the fingerprint with the server’s own.',
      examples: [['host trust-key ams-1 SHA256:…', 'after the server was set up anew']],
      load: async () => (await import('./change-host.ts')).trustKey,
    },
    {
      usage: 'set-secret <name>',
      summary: 'Store another password or passphrase for a host',
      options: secretOptions,
      examples: [
        ['host set-secret ams-1', 'asks for it'],
        ['host set-secret ams-1 --secret-file pw', 'from a file'],
      ],
      load: async () => (await import('./change-host.ts')).setSecret,
    },
  ],
}
