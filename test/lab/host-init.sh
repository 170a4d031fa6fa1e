#!/bin/sh
# The first process of a lab host. It runs in namespaces of its own (mounts, processes, network, name)
# and makes them look like a server; when it ends, the kernel takes everything with it.
# usage: host-init.sh NAME FOLDER
set -eu
name=$1 folder=$2

mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/sshd /run/lock
hostname "$name"
ip link set lo up

# Its own users, and no way to a name server: what is not in the lab is not there at once.
for file in passwd shadow group sudoers hosts hostname resolv.conf; do
  [ -e "/etc/$file" ] || continue
  mount --bind "$folder/etc/$file" "$(readlink -f "/etc/$file")"
done

# Docker's data on a small disk of its own; where there are no loop devices, in a plain folder.
mount -o loop,discard,noatime "$folder/disk.img" "$folder/data" || echo "no loop device: no small disk"

touch "$folder/ready"
exec docker-init -- sleep infinity
