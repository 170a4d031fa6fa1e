import type { ServerMark } from '../../engines/engine.ts'

const nothing = /^$/

// What anyone may run on a server beside the engines of Quayside, which tell theirs themselves.
const others: readonly ServerMark[] = [
  {
    label: 'PgBouncer',
    ports: [6432],
    programs: /^pgbouncer$/,
    images: /^pgbouncer/,
    setting: { file: 'pgbouncer.ini', line: 'listen_addr = 127.0.0.1' },
  },
  {
    label: 'MySQL or MariaDB',
    ports: [3306, 33060],
    programs: /^(?:mysqld|mariadbd)$/,
    images: /^(?:mysql|mariadb|percona)/,
    setting: { file: 'my.cnf, under [mysqld]', line: 'bind-address = 127.0.0.1' },
  },
  {
    label: 'Redis',
    ports: [6379],
    programs: /^(?:redis-server|valkey-server|keydb-server)/,
    images: /^(?:redis|valkey|keydb)/,
    setting: { file: 'redis.conf', line: 'bind 127.0.0.1 -::1' },
  },
  {
    label: 'MongoDB',
    ports: [27017],
    programs: /^mongod$/,
    images: /^mongo/,
    setting: { file: 'mongod.conf', line: 'net.bindIp: 127.0.0.1' },
  },
  {
    label: 'memcached',
    ports: [11211],
    programs: /^memcached$/,
    images: /^memcached/,
    setting: { file: 'memcached.conf', line: '-l 127.0.0.1' },
  },
  {
    label: 'Elasticsearch or OpenSearch',
    ports: [9200],
    programs: nothing,
    images: /^(?:elasticsearch|opensearch)/,
    setting: { file: 'elasticsearch.yml', line: 'network.host: 127.0.0.1' },
  },
  {
    label: 'ClickHouse',
    ports: [8123],
    programs: /^clickhouse/,
    images: /^clickhouse/,
    setting: { file: 'config.xml', line: '<listen_host>127.0.0.1</listen_host>' },
  },
  {
    label: 'Docker’s own API, without TLS',
    ports: [2375],
    programs: nothing,
    images: nothing,
    setting: { file: '/etc/docker/daemon.json', line: '"hosts": ["unix:///var/run/docker.sock"]' },
  },
]

/** What a listener is, by its image, its program, or its port; null for all others. */
export type RecogniseServer = (of: {
  port: number
  containerPort: number | null
  image: string | null
  program: string | null
}) => ServerMark | null

/** Recognises the engines' servers, and others that have no business on an open network. */
export function recogniseServers(engines: readonly ServerMark[]): RecogniseServer {
  const servers = [...engines, ...others]
  return (of) => recognise(servers, of)
}

function recognise(
  servers: readonly ServerMark[],
  of: Parameters<RecogniseServer>[0],
): ServerMark | null {
  const image = of.image?.split('@')[0]?.split('/').at(-1)?.split(':')[0] ?? null
  return (
    servers.find(({ images }) => image !== null && images.test(image)) ??
    servers.find(({ programs }) => of.program !== null && programs.test(of.program)) ??
    servers.find(({ ports }) => ports.includes(of.containerPort ?? of.port)) ??
    null
  )
}
