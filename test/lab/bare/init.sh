#!/bin/sh
# The first process of a bare host: a small Debian of its own, with sshd and nothing of Docker. It
# runs in namespaces of its own; when it ends, the kernel takes everything with it.
# usage: init.sh FOLDER ROOT.tar
set -eu
folder=$1 tar=$2 root=$1/root

mount --make-rprivate /
mkdir -p "$root"
mount -o loop,discard,noatime "$folder/disk.img" "$root" || mount --bind "$root" "$root"
tar -C "$root" -xf "$tar"
cp -a "$folder/files/." "$root"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mkdir "$root/run/sshd" "$root/run/lock" "$root/outside"
cp "$(command -v docker-init)" "$root/run/reap"
hostname bare
ip link set lo up

cd "$root"
pivot_root . outside
touch "/outside$folder/ready"
umount -l /outside
exec /run/reap -- sleep infinity
