// The programs of task containers, in POSIX sh: Debian's dash and Alpine's busybox know no more. Their
// arguments hold no secret, as anyone on the host can read them. PGOPTIONS is set for each.

/** In memory: the password's file and the pipes. */
export const runFolder = '/run/quayside'
/** On disk: the dump while it is restored, or its list of contents. */
export const scratchFolder = '/scratch'

/**
 * Reads the password's line and makes the tools ready. `read` takes no byte more than the line, so
 * what follows it is left for others. A line of one's own before each word: a tool may have said
 * something without an end.
 */
const begin = `
set -u
umask 077
nonce=$1
say() { printf '\\nquayside %s %s\\n' "$nonce" "$1" >&2; }
cd ${runFolder} || exit 120
IFS= read -r line || exit 121
printf '%s\\n' "$line" >pgpass
line=
# Five times as fast as sha256sum, which does without the processor's own instructions in many images.
hasher=sha256sum
case $(openssl dgst -sha256 -r </dev/null 2>/dev/null) in
  e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855*) hasher='openssl dgst -sha256 -r' ;;
esac
export LC_ALL=C HOME=${runFolder} PGPASSFILE=${runFolder}/pgpass PGCONNECT_TIMEOUT=20 PGAPPNAME=quayside
`

/** Decompresses what $codec names. */
const decode = `
decode() {
  case $codec in
    zstd) zstd -q -dc ;;
    gzip) gzip -dc ;;
    none) cat ;;
  esac
}
`

/**
 * pg_dump → codec → output, and beside the way what has left is hashed, decompressed and parsed. The parse
 * is a full one: the list of contents is not enough, it stands at a dump's beginning. The dump is hashed
 * where it arrives, as it comes out of its codec again, whose checksum is of what went in. Each copy of it
 * here before it is compressed would take the host a tenth more of the time.
 *
 * Rows of tables become no larger by zstd's first level than by its third, which takes half as long again
 * (as measured: 133.9 and 143.9 MB of 858; 10.7 and 10.9 of 34.9). Each program's exit code is kept in a
 * file, as sh tells only the last one's.
 *
 * What follows the password's line are the authorities that the server is checked by, if it is.
 * The session of the snapshot has locked all tables, so pg_dump waits for none but where somebody asks
 * for one in between; everybody who comes after him waits too, so not for long.
 *
 * Arguments: nonce, conninfo, codec, snapshot.
 */
export const dumpScript = `${begin}conninfo=$2 codec=$3 snapshot=$4
cat >root.crt || exit 121
[ "$codec" = none ] || command -v "$codec" >/dev/null 2>&1 || codec=none
${decode}
say "tool=$(pg_dump --version)"
say "codec=$codec"
encode() {
  case $codec in
    zstd) zstd -q -c -1 --check ;;
    gzip) gzip -c -4 ;;
    none) cat ;;
  esac
}
mkfifo packed sent || exit 122
$hasher <sent >sentSha256 & sending=$!
{ decode; echo $? >decode.exit; } <packed | { pg_restore -f /dev/null && cat >/dev/null; } & parsing=$!
{ pg_dump -Fc -Z0 --create --no-password --lock-wait-timeout=20000 \\
    "--snapshot=$snapshot" -d "$conninfo" </dev/null; echo $? >dump.exit; } |
  { encode; echo $? >encode.exit; } |
  tee packed sent
left=$?
wait $parsing; parsed=$?
wait $sending; sent=$?
dumped=$(cat dump.exit) encoded=$(cat encode.exit) decoded=$(cat decode.exit)
read -r sentSha256 rest <sentSha256
say "sent=$sentSha256"
exits="$dumped $encoded $decoded $parsed $sent $left"
say "exits=$exits"
[ "$exits" = '0 0 0 0 0 0' ] || exit 1
say "done=dump"
`

/** What there must be for what follows the password's line, and its hash beside the way. */
const ready = `
codec=$3 expected=$4 needed=$5
[ "$codec" = none ] || command -v "$codec" >/dev/null 2>&1 || { say problem=codec; exit 10; }
free=$(df -Pk ${scratchFolder} | { read -r head; read -r fs size used free rest; echo "$free"; })
[ "$free" -ge "$needed" ] || { say "problem=space $free $needed"; exit 11; }
${decode}
mkfifo hash || exit 122
$hasher <hash >sha256 & hashing=$!
`

/** Exits with the reason unless all has come: a connection that was cut looks like the end of the input. */
const compare = `
wait $hashing || exit 123
read -r sha256 rest <sha256
[ "$sha256" = "$expected" ] || { say problem=hash; exit 13; }
[ "$decoded" = 0 ] || { say problem=decode; exit 14; }
`

/** Takes in what follows the password's line, into a file. */
const receive = `${ready}
say phase=receiving
# By a program that does nothing else: what it ends with tells a full disk from damage.
{ tee hash | decode; echo $? >decode.exit; } | cat >${scratchFolder}/content
written=$? decoded=$(cat decode.exit)
say phase=checking
# What could not be written here says nothing of what came.
[ "$written" = 0 ] || { say problem=write; exit 12; }
${compare}`

/**
 * What the planner goes by, which no dump holds. It runs functions of indexes, so it is done as the one
 * who restores. That it fails is no failure: the server will do it by itself.
 */
const analyse = `
PGOPTIONS="$PGOPTIONS -c client_min_messages=error" \\
  vacuumdb --analyze-only --quiet --no-password --jobs=2 -d "$conninfo" </dev/null >/dev/null 2>&1 ||
  say analysed=no
`

/**
 * A server that is filled without its log brings each table to the disk before it commits (see
 * filling.ts). Written on meanwhile, that is soon done. Tablespaces are folders of the server that was
 * dumped, so all goes where a table without one goes.
 */
const restoring = `PGOPTIONS="$PGOPTIONS -c backend_flush_after=2MB" pg_restore --exit-on-error --no-password \\
  --no-tablespaces`

/**
 * Restores what comes as it comes: needs no room for it, nor time to wait for its end. Only for what was
 * proven to be ours before it was sent, as its statements run before its hash can be compared.
 *
 * A dump begins with its list of contents; a copy of that is enough to make indexes and constraints side
 * by side when all rows are there. It is looked for in the first that comes. That is kept compressed, and
 * the rest put behind it again: each copy of the whole dump here would take a tenth of the time.
 *
 * What comes before indexes is one transaction: what breaks off leaves nothing, and a server that is
 * filled without its log needs it, as only what is made and filled in one stays out of the log. But each
 * object takes locks until it ends, and where all might need more than half of the server's there is
 * none: whoever restores throws away what was left. Since version 17 one entry of the list may stand for
 * a thousand large objects.
 *
 * Arguments: nonce, conninfo, codec, SHA-256, KiB needed.
 */
export const restoreAsItComesScript = `${begin}${ready}
conninfo=$2 packed=${scratchFolder}/packed contents=${scratchFolder}/contents
fill() {
  size=0 blocks=0
  while
    blocks=$((blocks + 64))
    dd bs=64k count=16 iflag=fullblock 2>/dev/null >>$packed &&
      decode <$packed 2>/dev/null | dd bs=64k count=$blocks iflag=fullblock 2>/dev/null >$contents ||
      { say problem=write; : >refused; return 12; }
    now=$(wc -c <$contents)
    ! pg_restore -l $contents >$contents.list 2>/dev/null && [ "$now" -gt "$size" ]
  do size=$now; done
  entries=$(grep -c '^[0-9]' $contents.list)
  groups=$(grep -c '^[^"]* BLOB METADATA ' $contents.list)
  once=$(psql -XAtq --no-password -d "$conninfo" </dev/null -c "SELECT '--single-transaction'
    WHERE $entries * 4 + $groups * 1000 <
      current_setting('max_locks_per_transaction')::int * current_setting('max_connections')::int / 2")
  # What the input ended with counts only where it was read to its end.
  cat $packed - | { decode; decoded=$?; [ -e refused ] || echo $decoded >decode.exit; } | {
    ${restoring} --section=pre-data --section=data $once -d "$conninfo"
    code=$?
    if [ $code = 0 ]; then cat >/dev/null; else : >refused; fi
    exit $code
  }
}
say phase=restoring
tee hash | fill
code=$?
say "exits=$code"
[ -e decode.exit ] || exit 20
decoded=$(cat decode.exit)
${compare}[ "$code" = 0 ] || exit 20
say phase=indexing
${restoring} --section=post-data --jobs=2 -d "$conninfo" $contents </dev/null
code=$?
say "exits=$code"
[ "$code" = 0 ] || exit 20
${analyse}
say phase=done
`

/**
 * Restores what has come when all of it has. What is the very dump that was parsed when it was made needs
 * no second parse.
 *
 * Arguments: nonce, conninfo, codec, SHA-256, KiB needed, parsed before or not (1, 0), then pg_restore's
 * options.
 */
export const restoreScript = `${begin}${receive}
[ "$6" = 1 ] || pg_restore -f /dev/null ${scratchFolder}/content || { say problem=parse; exit 15; }
conninfo=$2
shift 6
say phase=restoring
${restoring} "$@" -d "$conninfo" ${scratchFolder}/content </dev/null
code=$?
say "exits=$code"
[ "$code" = 0 ] || exit 20
rm -f ${scratchFolder}/content &
${analyse}
say phase=done
`

/**
 * Statements run by psql, which knows commands beside SQL: `\!` runs a program, `\connect` goes to
 * another database. Where psql has restricted mode, it is switched on first (and the file's own
 * switching left out).
 *
 * Arguments: nonce, conninfo, codec, SHA-256, KiB needed.
 */
export const importScript = `${begin}${receive}
if head -n 5 ${scratchFolder}/content | grep -q '^-- PostgreSQL database dump'; then
  tail -n 12 ${scratchFolder}/content | grep -q '^-- PostgreSQL database dump complete' ||
    { say problem=parse; exit 15; }
fi
restricted=0
psql --help=commands 2>/dev/null | grep -q '\\\\restrict' && restricted=1
key=$(sed -n '1,40s/^\\\\restrict \\([A-Za-z0-9]*\\)$/\\1/p' ${scratchFolder}/content | head -n 1)
statements() {
  [ "$restricted" = 0 ] || printf '\\\\restrict %s\\n' "$nonce"
  if [ -n "$key" ]; then
    sed -e "1,40{/^\\\\\\\\restrict $key\\$/d;}" -e "/^\\\\\\\\unrestrict $key\\$/d" ${scratchFolder}/content
  else
    cat ${scratchFolder}/content
  fi || return
  echo
}
say phase=restoring
{ statements; echo $? >read.exit; } |
  PGCLIENTENCODING=UTF8 psql -X -q -v ON_ERROR_STOP=1 --no-password -d "$2" -f - >/dev/null
code=$? reading=$(cat read.exit)
say "exits=$code $reading"
[ "$code $reading" = '0 0' ] || exit 20
conninfo=$2
${analyse}
say phase=done
`
