/**
 * Stands between two files in an answer: the content of a file that is the same on every Linux, so
 * that one program can print them all in one go.
 */
export const fileMark = 'Linux'
/** Ends an answer. */
export const answerEnd = 'end'
/** The first word of each container's line. */
export const containerWord = 'container'

/**
 * Reads the numbers of many containers with one process an answer, however many there are. It waits
 * for a line of container ids on its input and answers with one line for each that it found (id and
 * version of control groups), the host's clock since boot, and then their files in that order, each
 * behind a mark. It ends with its input, so a channel that is closed or lost leaves nothing behind.
 * Only `sh` and `grep`, as BusyBox has them.
 *
 * Docker names a container's group in two ways, by its driver for control groups; the parent of both
 * can be chosen, so a container that is not at its usual place is looked for two levels deep.
 */
export const cgroupScript = `
mark=/proc/sys/kernel/ostype
cd /sys/fs/cgroup 2>/dev/null || exit 3
if [ -e cgroup.controllers ]; then version=2 root=.; else version=1 root=memory; fi
if [ -d cpuacct ]; then cpu=cpuacct; else cpu=cpu,cpuacct; fi
parent= name= scope=
cpus=$(grep -c '^processor' /proc/cpuinfo)
read -r word memory rest < /proc/meminfo
find_group() {
  group=
  for path in "$parent/$name$1$scope" "docker/$1" "system.slice/docker-$1.scope" ; do
    if [ -d "$root/$path" ]; then group=$path; return; fi
  done
  for path in "$root"/*/"$1" "$root"/*/*"-$1.scope" "$root"/*/*/"$1" "$root"/*/*/*"-$1.scope"; do
    if [ -d "$path" ]; then group=\${path#"$root"/}; break; fi
  done
  [ -n "$group" ] || return
  parent=\${group%/*}; last=\${group##*/}; name=\${last%%"$1"*}; scope=\${last##*"$1"}
}
while read -r ids; do
  files=
  for id in $ids; do
    find_group "$id"
    [ -n "$group" ] || continue
    pid=
    read -r pid 2>/dev/null < "$root/$group/cgroup.procs"
    echo "container $id $version"
    if [ $version = 2 ]; then
      files="$files $group/cpu.stat $mark $group/memory.current $mark $group/memory.max $mark $group/memory.stat $mark $group/io.stat $mark /proc/\${pid:-0}/net/dev $mark"
    else
      files="$files $cpu/$group/cpuacct.usage $mark memory/$group/memory.usage_in_bytes $mark memory/$group/memory.limit_in_bytes $mark memory/$group/memory.stat $mark blkio/$group/blkio.throttle.io_service_bytes $mark /proc/\${pid:-0}/net/dev $mark"
    fi
  done
  read -r uptime rest < /proc/uptime
  echo "host $uptime $cpus $memory"
  [ -z "$files" ] || grep -h -e '^[0-9]' -e '^max' -e '^usage_usec' -e '^total_inactive_file' -e '^inactive_file' -e '^ *[a-z][a-z0-9_.@-]*: *[0-9]' -e '^Linux' $files 2>/dev/null
  echo end
done
`
