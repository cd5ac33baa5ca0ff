#!/bin/bash
# Boots a systemd of its own over a copy-on-write view of this machine's root: boot.sh ROOM PAYLOAD
#   ROOM     an empty folder of the caller's; mounts are made on it, in a mount namespace that ends with this script
#   PAYLOAD  a folder that is seen as /payload inside
# Nothing outside is changed but one cgroup, which the caller removes: its path is in ROOM.cgroup. Ends when the system is killed or powered off.
set -euo pipefail
say() { echo "boot.sh: $*" >&2; exit 1; }
room=$1 payload=$2

if [ "${3:-}" != inside ]; then
  [ "$(id -u)" = 0 ] || say "a systemd can be booted by root alone; run the tests as root."
  [ -x /lib/systemd/systemd ] || say "there is no /lib/systemd/systemd; install the package systemd (./build.sh test does)."
  mount=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
  [ -n "$mount" ] || say "no cgroup2 hierarchy is mounted here, which systemd needs; mount one, or run the tests on a host that has it."
  own=$(sed -n 's/^0:://p' /proc/self/cgroup)
  cgroup=$mount${own%/}/edgegw-test-$$
  mkdir "$cgroup" || say "no cgroup can be made below $mount (is it mounted read-only?), which systemd needs."
  echo "$cgroup" >"$room.cgroup"
  echo $$ >"$cgroup/cgroup.procs" || say "this process cannot be moved into a cgroup of its own."
  unshare --mount --pid --cgroup --net --uts --ipc --fork --kill-child true || say "the kernel refuses new namespaces (unshare); the tests need a privileged container or a real machine."
  exec unshare --mount --pid --cgroup --net --uts --ipc --fork --kill-child "$0" "$room" "$payload" inside
fi

mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$room"
mkdir "$room"/{upper,work,root}
mount -t overlay -o lowerdir=/,upperdir="$room/upper",workdir="$room/work" overlay "$room/root" || say "the kernel refuses an overlay of /, in which the package is installed."
cd "$room/root"
mkdir -p payload proc sys run tmp dev
cp -a "$payload/." payload/
rm -f usr/sbin/policy-rc.d                     # it would keep the package from starting its service
echo ed6e6a7e5757eed1ed6e6a7e5757eed1 >etc/machine-id # one that is not there yet would be asked for
rm -rf var/lib/edgegw var/lib/private/edgegw
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup || true # where the kernel's own place for it is read-only
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs -o mode=755 tmpfs dev
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
for node in null zero full random urandom tty; do touch "dev/$node"; mount --bind "/dev/$node" "dev/$node"; done
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
hostname edgegw-test
mkdir old
pivot_root . old
umount -l /old
mount --make-rshared / # as nspawn does: credentials are mounted by a child, and seen by the service
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=lxc /lib/systemd/systemd --unit=basic.target </dev/null >/dev/null 2>&1
