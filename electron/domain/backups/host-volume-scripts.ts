/** Where the volume or folder is seen inside the container that works on it. */
export const root = '/quayside/destination'

/** Exit codes of ours; tools use small numbers. */
export const exits = { missing: 43, taken: 44, notMarked: 45 } as const

// POSIX, for the tools of Debian and of Alpine. Names come as arguments, never inside a script.
const begin = `set -eu
export LC_ALL=C
umask 077
cd ${root}
folder() { case "$1" in */*) echo "\${1%/*}" ;; *) echo . ;; esac; }
persist() { sync "$@" 2>/dev/null || sync; }
`

/** For find: passes by the folders that no name of ours leads into, \`lost+found\` say; they may be closed. */
const ours = `\\( -type d \\( -name '.?*' -o -name '*[!A-Za-z0-9._-]*' \\) -prune \\) -o`

/** To stand before a script that works only where this file lies. */
export const onlyWith = (file: string): string =>
  `[ -f ${root}/${file} ] || exit ${exits.notMarked}\n`

export const scripts = {
  /** $1 the part: takes it from standard input, and tells how many bytes it has. */
  write: `${begin}
mkdir -p -- "$(folder "$1")"
set -C
cat > "$1"
persist "$1"
wc -c < "$1"`,

  /** $1 the part, $2 its name, $3 its bytes, $4 whether the name has to be free. */
  publish: `${begin}
[ "$(wc -c < "$1")" -eq "$3" ]
[ ! -d "$2" ]
if [ "$4" = 1 ]; then
  if ! ln "$1" "$2" 2>/dev/null; then
    if [ -e "$2" ] || [ -L "$2" ]; then exit ${exits.taken}; fi
    # No hard links here: an empty file takes the name, and the rename replaces it.
    (set -C; : > "$2") 2>/dev/null || exit ${exits.taken}
    mv -f -- "$1" "$2"
  fi
  rm -f -- "$1"
else
  mv -f -- "$1" "$2"
fi
persist "$(folder "$2")"`,

  drop: `${begin}
rm -f -- "$1"`,

  /** $1 the name, $2 the first byte from 1: its size on a line, then its content. */
  read: `${begin}
[ -f "$1" ] || exit ${exits.missing}
exec < "$1"
stat -L -c %s /proc/self/fd/0
if [ "$2" = 1 ]; then cat; else tail -c "+$2"; fi`,

  stat: `${begin}
[ ! -f "$1" ] || stat -c '%s %Y' -- "$1"`,

  /** $1 the folder: a line for each file with a name of ours, and "end". */
  list: `${begin}
if [ -d "$1" ]; then
  find "$1" ${ours} -type f ! -name '.*' ! -name '*[!A-Za-z0-9._-]*' -exec stat -c '%s %Y %n' {} +
fi
echo end`,

  remove: `${begin}
[ -e "$1" ] || [ -L "$1" ] || exit 0
rm -f -- "$1"
persist "$(folder "$1")"`,

  /** $1 minutes: removes older parts, and tells how many. */
  sweep: `${begin}
find . ${ours} -type f -name '.*.part' -mmin "+$1" -exec rm -f {} \\; -print | wc -l`,

  /** $1 a folder, $2 how the names begin: removes the parts of such names there, and tells how many. */
  sweepNames: `${begin}
[ -d "$1" ] || { echo 0; exit 0; }
find "$1" -maxdepth 1 -type f -name ".$2*.part" -exec rm -f {} \\; -print | wc -l`,
} as const
