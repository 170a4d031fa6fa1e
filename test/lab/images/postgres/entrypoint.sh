#!/usr/bin/env bash
# Starts PostgreSQL; on an empty data folder it first makes a cluster from the environment:
# POSTGRES_PASSWORD, _USER, _DB, _INITDB_ARGS (each also as a file: …_FILE), POSTGRES_INITDB_WALDIR,
# POSTGRES_HOST_AUTH_METHOD, and what lies in /docker-entrypoint-initdb.d.
set -Eeuo pipefail

fail() {
  printf >&2 '%s\n' "$@"
  exit 1
}

# Takes a variable from the file that its _FILE form names.
from_file() {
  local name=$1 default=${2:-} file_name=$1_FILE
  if [ "${!name:-}" ] && [ "${!file_name:-}" ]; then
    fail "error: both $name and $file_name are set (but are exclusive)"
  fi
  local value=$default
  if [ "${!name:-}" ]; then
    value=${!name}
  elif [ "${!file_name:-}" ]; then
    value=$(<"${!file_name}")
  fi
  export "$name=$value"
  unset "$file_name"
}

make_folders() {
  mkdir -p "$PGDATA" && chmod 00700 "$PGDATA" || :
  mkdir -p /var/run/postgresql && chmod 03775 /var/run/postgresql || :
  if [ "$(id -u)" = 0 ]; then
    find "$PGDATA" \! -user postgres -exec chown postgres '{}' +
    find /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
  fi
}

read_environment() {
  from_file POSTGRES_PASSWORD
  from_file POSTGRES_USER postgres
  from_file POSTGRES_DB "$POSTGRES_USER"
  from_file POSTGRES_INITDB_ARGS
  : "${POSTGRES_HOST_AUTH_METHOD:=}"
}

check_environment() {
  [ "$POSTGRES_PASSWORD" ] || [ "$POSTGRES_HOST_AUTH_METHOD" = trust ] || fail \
    'Error: Database is uninitialized and superuser password is not specified.' \
    '       You must specify POSTGRES_PASSWORD to a non-empty value for the' \
    '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".'
  [ "$POSTGRES_HOST_AUTH_METHOD" != trust ] || echo >&2 \
    'WARNING: POSTGRES_HOST_AUTH_METHOD is "trust": anyone who reaches the port gets in, without a password.'
}

make_cluster() {
  # The password goes in by a pipe: it stands in no command line.
  eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD")' \
    ${POSTGRES_INITDB_WALDIR:+'--waldir="$POSTGRES_INITDB_WALDIR"'} "$POSTGRES_INITDB_ARGS" '"$@"'
}

allow_hosts() {
  local method=${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption)}
  printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
}

# A server that nobody outside of the container reaches.
start_temporary() {
  NOTIFY_SOCKET='' PGUSER=$POSTGRES_USER \
    pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p ${PGPORT:-5432}" -w start
}

stop_temporary() {
  PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -m fast -w stop
}

sql() {
  PGHOST='' PGHOSTADDR='' psql -v ON_ERROR_STOP=1 --no-password --no-psqlrc \
    --username "$POSTGRES_USER" "$@"
}

make_database() {
  local there
  there=$(sql --dbname postgres --set db="$POSTGRES_DB" --tuples-only \
    <<<"SELECT 1 FROM pg_database WHERE datname = :'db';")
  [ "$there" ] || sql --dbname postgres --set db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
}

run_init_files() {
  local file
  for file; do
    echo "$0: $file"
    case $file in
      *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
      *.sql) sql --dbname "$POSTGRES_DB" -f "$file" ;;
      *.sql.gz) gunzip -c "$file" | sql --dbname "$POSTGRES_DB" ;;
      *.sql.xz) xzcat "$file" | sql --dbname "$POSTGRES_DB" ;;
      *.sql.zst) zstd -dc "$file" | sql --dbname "$POSTGRES_DB" ;;
      *) echo "$0: ignoring $file" ;;
    esac
  done
}

wants_help() {
  local argument
  for argument; do
    case $argument in
      -'?' | --help | --describe-config | -V | --version) return 0 ;;
    esac
  done
  return 1
}

main() {
  if [ "${1:0:1}" = - ]; then set -- postgres "$@"; fi
  if [ "$1" != postgres ] || wants_help "$@"; then exec "$@"; fi

  # As root, while it is: a password's file may be readable by nobody else.
  read_environment
  make_folders
  if [ "$(id -u)" = 0 ]; then exec gosu postgres "$BASH_SOURCE" "$@"; fi

  if [ -s "$PGDATA/PG_VERSION" ]; then
    printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
  else
    check_environment
    ls /docker-entrypoint-initdb.d/ >/dev/null
    make_cluster
    allow_hosts
    export PGPASSWORD=$POSTGRES_PASSWORD
    start_temporary
    make_database
    run_init_files /docker-entrypoint-initdb.d/*
    stop_temporary
    printf '\nPostgreSQL init process complete; ready for start up.\n\n'
  fi
  # Whoever looks at the server's environment finds no password there.
  unset PGPASSWORD POSTGRES_PASSWORD POSTGRES_PASSWORD_FILE
  exec "$@"
}

main "$@"
