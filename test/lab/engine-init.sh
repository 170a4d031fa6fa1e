#!/bin/sh
# The first process around an engine in the machine's own network: its mounts and processes alone are
# its own. When it ends, the kernel takes them along.
# usage: engine-init.sh FOLDER
set -eu
folder=$1

mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /run
mount --bind "$folder/hosts" "$(readlink -f /etc/hosts)"

touch "$folder/ready"
exec docker-init -- sleep infinity
