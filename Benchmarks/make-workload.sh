#!/usr/bin/env bash
# Makes one of the three disks that the benchmark copies.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
scripts=$(readlink -f "$here/../scripts")
# shellcheck source=scripts/lib/say.sh
. "$scripts/lib/say.sh"
# shellcheck source=scripts/lib/ext4.sh
. "$scripts/lib/ext4.sh"
# shellcheck source=scripts/lib/demo.sh
. "$scripts/lib/demo.sh"

usage() {
    cat <<'TEXT'
usage: Benchmarks/make-workload.sh --full|--small DIRECTORY w1|w2|w3

Makes DIRECTORY/NAME.img, unless it is there. w1 is a server's disk, w2 the same disk some time later (made from w1), w3
the disk of a sister server: the same packages installed in another order, other users and data.

--full: 8GiB, Debian 12 with compilers, databases, a web server and Java; 500 MiB of files that do not compress, a
        database, logs, and 500 MiB of files that were deleted again. Needs root and the network (about 600 MiB).
--small: 1GiB, from make-demo-disk.sh; needs no root, and no network once that script has what it fetches.

Packages come from mmdebstrap's default mirror or from FERRY_DEBIAN_MIRROR.
The same words give the same files, but for what Debian changed meanwhile and for times that file systems note.

exit status: 0 made or there already; 1 it could not be made; 2 wrong usage or something to install first
TEXT
}

[[ ${1:-} != -h && ${1:-} != --help ]] || { usage && exit 0; }
(($# == 3)) || { usage >&2 && exit 2; }
size=$1 directory=$2 name=$3
[[ $size == --full || $size == --small ]] || fail 2 "say --full or --small, not '$size'"
[[ $name =~ ^w[123]$ ]] || fail 2 "there is no disk '$name'; w1, w2 or w3"
mkdir -p "$directory"
directory=$(cd "$directory" && pwd -P)
target=$directory/$name.img
[[ ! -e $target ]] || exit 0
[[ $name != w2 || -e $directory/w1.img ]] || fail 2 "w2 is made from w1: make that first"

making=$target.partial
mounted=
# shellcheck disable=SC2317 # called by the trap
leave() {
    if [[ -n $mounted ]]; then
        if mountpoint --quiet "$mounted"; then umount --recursive "$mounted" || true; fi
        rmdir "$mounted" || true
    fi
    rm -f "$making" "$making".*
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [[ $size == --small ]]; then
    case $name in
    w1) "$scripts/make-demo-disk.sh" "$making" --size 1GiB --seed ferry-bench-w1 ;;
    w3) "$scripts/make-demo-disk.sh" "$making" --size 1GiB --seed ferry-bench-w3 ;;
    w2)
        cp --sparse=always "$directory/w1.img" "$making"
        "$scripts/change-demo-disk.sh" "$making" --percent 1 --seed ferry-bench-w2
        ;;
    esac
    mv "$making" "$target"
    exit 0
fi

((EUID == 0)) || fail 2 "the full disks are filled by mounting them, which needs root; --small does not"
need_tools mmdebstrap=mmdebstrap sfdisk=fdisk mke2fs=e2fsprogs mount=mount openssl=openssl gzip=gzip

# In groups, because the sister server had them installed one after another.
system=(systemd-sysv udev dbus ca-certificates locales iproute2 ifupdown rsyslog cron logrotate sudo less)
boot=(linux-image-cloud-amd64 initramfs-tools grub-pc-bin grub2-common openssh-server)
languages=(python3 python3-numpy python3-cryptography perl git vim-nox man-db)
compilers=(gcc g++ make gdb cmake)
services=(postgresql nginx default-jre-headless php-cli)
later=(htop tmux jq strace)

# A GPT whose last partition ends a MiB before the disk does: the second table is there.
disk_bytes=$((8 << 30))
root_first=266240
root_sectors=$((disk_bytes / 512 - 2048 - root_first))

make_disk() {
    truncate -s "$disk_bytes" "$making"
    sfdisk --quiet --no-reread --no-tell-kernel "$making" <<TABLE
label: gpt
label-id: $(uuid_from "$1" disk)
start=2048, size=2048, type=21686148-6449-6E6F-744E-656564454649, name=bios-grub
start=4096, size=262144, type=C12A7328-F81F-11D2-BA4B-00C93EC93B4B, name=esp
start=$root_first, size=$root_sectors, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, name=root
TABLE
    mke2fs -q -F -t ext4 -b 4096 -L root -U "$(uuid_from "$1" root)" \
        -E "offset=$((root_first * 512)),hash_seed=$(uuid_from "$1" hash)" "$making" $((root_sectors / 2))k
}

mount_disk() {
    mount -o "loop,offset=$((root_first * 512)),sizelimit=$((root_sectors * 512))" "$making" "$mounted"
}

unmount_disk() {
    umount --recursive "$mounted"
}

# What runs in the disk's own system must start no services and needs a few files of the kernel's.
open_system() {
    mount -t proc proc "$mounted/proc"
    mount --bind /dev "$mounted/dev"
    cp /etc/resolv.conf "$mounted/etc/resolv.conf"
    printf '#!/bin/sh\nexit 101\n' >"$mounted/usr/sbin/policy-rc.d"
    chmod 755 "$mounted/usr/sbin/policy-rc.d"
}

close_system() {
    rm -f "$mounted/usr/sbin/policy-rc.d"
    umount "$mounted/dev" "$mounted/proc"
}

inside() {
    chroot "$mounted" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@"
}

install() {
    inside apt-get install -q --yes --no-install-recommends "$@"
    inside apt-get clean
}

# personal HOST USER...: what makes a server this server and no other.
personal() {
    local host=$1 user
    shift
    printf '%s\n' "$host" >"$mounted/etc/hostname"
    for user in "$@"; do inside useradd --create-home --shell /bin/bash "$user"; done
    mkdir -p "$mounted/srv/data" "$mounted/srv/shop" "$mounted/var/log/shop"
    made_pages "$host/database" $((64 << 20)) >"$mounted/srv/shop/orders.db"
    made_text "$host/log" $((12 << 20)) >"$mounted/var/log/shop/orders.log"
    gzip -n <"$mounted/var/log/shop/orders.log" >"$mounted/var/log/shop/orders.log.1.gz"
}

# Kept and doomed files in turn, so that the holes lie everywhere. Half of what is deleted compresses.
fill() {
    local number
    mkdir "$mounted/srv/doomed"
    for number in 1 2 3 4 5; do
        random_bytes "kept/$number" $((100 << 20)) >"$mounted/srv/data/$number.bin"
        random_bytes "doomed/$number" $((50 << 20)) >"$mounted/srv/doomed/$number.bin"
        made_text "doomed/$number" $((50 << 20)) >"$mounted/srv/doomed/$number.txt"
        sync -f "$mounted"
    done
    rm -r "$mounted/srv/doomed"
}

make_w1() {
    local all
    make_disk w1
    mount_disk
    all="${system[*]} ${boot[*]} ${languages[*]} ${compilers[*]} ${services[*]}"
    mmdebstrap --quiet --mode=root --variant=important --include="${all// /,}" \
        bookworm "$mounted" ${FERRY_DEBIAN_MIRROR:+"$FERRY_DEBIAN_MIRROR"}
    open_system
    personal web01 alice bob carol
    fill
    inside apt-get clean
    close_system
    unmount_disk
}

make_w2() {
    cp --sparse=always "$directory/w1.img" "$making"
    mount_disk
    open_system
    # The lists that apt fetches would be most of the change; they stay in memory.
    mount -t tmpfs lists "$mounted/var/lib/apt/lists"
    inside apt-get -q update
    install -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= "${later[@]}"
    umount "$mounted/var/lib/apt/lists"
    made_text web01/log/later $((4 << 20)) >>"$mounted/var/log/shop/orders.log"
    rewrite_pages "$mounted/srv/shop/orders.db" 1500
    rm "$mounted/var/log/shop/orders.log.1.gz"
    close_system
    unmount_disk
}

# rewrite_pages FILE COUNT: that many pages of 4 KiB, anywhere, as a database does.
rewrite_pages() {
    local page number=0
    random_bytes pick $((1 << 20)) >"$making.pick"
    made_pages pages $(($2 * 4096)) >"$making.pages"
    while read -r page; do
        dd if="$making.pages" of="$1" bs=4096 count=1 skip="$number" seek="$page" conv=notrunc status=none
        number=$((number + 1))
    done < <(shuf -i 0-$(($(stat -c %s "$1") / 4096 - 1)) -n "$2" --random-source="$making.pick")
}

make_w3() {
    make_disk w3
    mount_disk
    mmdebstrap --quiet --mode=root --variant=important bookworm "$mounted" ${FERRY_DEBIAN_MIRROR:+"$FERRY_DEBIAN_MIRROR"}
    open_system
    inside apt-get -q update
    install "${services[@]}"
    install "${compilers[@]}"
    install "${languages[@]}"
    install "${system[@]}"
    install "${boot[@]}"
    personal db07 dave erin
    random_bytes sister/1 $((100 << 20)) >"$mounted/srv/data/1.bin"
    random_bytes sister/2 $((100 << 20)) >"$mounted/srv/data/2.bin"
    close_system
    unmount_disk
}

mounted=$(mktemp -d)
run_slowly "making $target" "make_$name"
mv "$making" "$target"
say "made $target: $(show_mib "$(stat -c %s "$target")"), in no hole $(show_mib $(($(stat -c %b "$target") * 512)))"
