#!/usr/bin/env bash
# Starts PostgreSQL; on an empty data folder it first makes a cluster from the environment:
# POSTGRES_PASSWORD, _USER, _DB, _INITDB_ARGS (each also as a file: …_FILE), POSTGRES_INITDB_WALDIR,
# POSTGRES_HOST_AUTH_METHOD, and what lies in /docker-entrypoint-initdb.d.
# As in the public image, the files are read as root and at every start: one that is named and is not
# there ends the container, also where the cluster was made long ago.
set -Eeo pipefail

fail() {
  printf >&2 '%s\n' "$@"
  exit 1
}

# Takes a variable from the file that its _FILE form names.
from_file() {
  local name=$1 value=${2:-} file_name=$1_FILE
  if [ "${!name:-}" ] && [ "${!file_name:-}" ]; then
    fail "error: both $name and $file_name are set (but are exclusive)"
  fi
  if [ "${!name:-}" ]; then
    value=${!name}
  elif [ "${!file_name:-}" ]; then
    value=$(<"${!file_name}")
  fi
  export "$name=$value"
  unset "$file_name"
}

read_environment() {
  from_file POSTGRES_PASSWORD
  from_file POSTGRES_USER postgres
  from_file POSTGRES_DB "$POSTGRES_USER"
  from_file POSTGRES_INITDB_ARGS
  : "${POSTGRES_HOST_AUTH_METHOD:=}"
}

# Makes a folder that PostgreSQL owns; where its rights can't be set, PostgreSQL says what is wrong.
own_folder() {
  local folder=$1 mode=$2
  mkdir -p "$folder" && chmod "$mode" "$folder" || :
  if [ "$(id -u)" = 0 ]; then
    find "$folder" \! -user postgres -exec chown postgres '{}' +
  fi
}

make_folders() {
  own_folder "$PGDATA" 00700
  own_folder /var/run/postgresql 03775
  if [ "${POSTGRES_INITDB_WALDIR:-}" ]; then own_folder "$POSTGRES_INITDB_WALDIR" 00700; fi
}

check_environment() {
  [ "$POSTGRES_PASSWORD" ] || [ "$POSTGRES_HOST_AUTH_METHOD" = trust ] || fail \
    'Error: Database is uninitialized and superuser password is not specified.' \
    '       You must specify POSTGRES_PASSWORD to a non-empty value for the' \
    '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".'
  [ "$POSTGRES_HOST_AUTH_METHOD" != trust ] || echo >&2 \
    'WARNING: POSTGRES_HOST_AUTH_METHOD is "trust": whoever reaches the port gets in, without a password.'
}

make_cluster() {
  set --
  if [ "${POSTGRES_INITDB_WALDIR:-}" ]; then set -- --waldir "$POSTGRES_INITDB_WALDIR"; fi
  # The password goes in by a pipe: it stands in no command line. The arguments of the user are words
  # of a shell, so they are read as such.
  eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"$POSTGRES_INITDB_ARGS"' "$@"'
}

allow_hosts() {
  local method=${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption "$@")}
  printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
}

# A server for the first steps, which nobody outside of the container reaches.
start_temporary() {
  set -- "$@" -c listen_addresses='' -p "${PGPORT:-5432}"
  PGUSER=${PGUSER:-$POSTGRES_USER} pg_ctl -D "$PGDATA" -o "$(printf '%q ' "$@")" -w start
}

stop_temporary() {
  PGUSER=${PGUSER:-postgres} pg_ctl -D "$PGDATA" -m fast -w stop
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

# Answers of the server program alone need no cluster.
only_asks() {
  local argument
  for argument; do
    case $argument in
      -'?' | --help | --describe-config | -V | --version) return 0 ;;
    esac
  done
  return 1
}

# With the server's own arguments, its name left out.
initialize() {
  check_environment
  ls /docker-entrypoint-initdb.d/ >/dev/null
  make_cluster
  allow_hosts "$@"
  export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
  start_temporary "$@"
  make_database
  run_init_files /docker-entrypoint-initdb.d/*
  stop_temporary
  unset PGPASSWORD
}

main() {
  if [ "${1:0:1}" = - ]; then set -- postgres "$@"; fi
  if [ "$1" != postgres ] || only_asks "$@"; then exec "$@"; fi

  read_environment
  make_folders
  if [ "$(id -u)" = 0 ]; then exec gosu postgres "$BASH_SOURCE" "$@"; fi

  if [ -s "$PGDATA/PG_VERSION" ]; then
    printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
  else
    initialize "${@:2}"
    printf '\nPostgreSQL init process complete; ready for start up.\n\n'
  fi
  # POSTGRES_PASSWORD stays in the environment, as in the public image: what keeps it out of the
  # server's is the product's own script.
  exec "$@"
}

main "$@"
