#!/usr/bin/env bash
# Makes a small disk with a real system on it: GRUB, Debian's cloud kernel and busybox, found by UUID on any bus.
# Needs neither root nor loop devices; well under a second once the kernel package is in the cache.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=scripts/lib/say.sh
. "$here/lib/say.sh"
# shellcheck source=scripts/lib/packages.sh
. "$here/lib/packages.sh"
# shellcheck source=scripts/lib/ext4.sh
. "$here/lib/ext4.sh"
# shellcheck source=scripts/lib/guest.sh
. "$here/lib/guest.sh"

usage() {
    cat <<'TEXT'
usage: scripts/make-boot-disk.sh OUT.img [--size 64MiB] [--marker TEXT] [--table dos|gpt] [--seed TEXT]

Makes OUT.img, a raw disk that boots with BIOS from virtio or IDE, prints a marker on the serial console and
powers off. The guest prints TEXT (default FERRY-BOOT-OK) followed by the SHA-256 of a file that it reads from its
own root disk; that whole line is printed here after "marker: ". The same --seed gives the same UUIDs and the same
file; without it they are random. The kernel is kept in FERRY_CACHE (default ~/.cache/ferry).

exit status: 0 made; 1 it could not be made; 2 wrong usage or something to install first
TEXT
}

out='' size=64MiB marker=FERRY-BOOT-OK table=dos seed=$(cat /proc/sys/kernel/random/uuid)
while (($# > 0)); do
    case $1 in
    --size) value_of "$1" $# && size=$2 && shift ;;
    --marker) value_of "$1" $# && marker=$2 && shift ;;
    --table) value_of "$1" $# && table=$2 && shift ;;
    --seed) value_of "$1" $# && seed=$2 && shift ;;
    -h | --help) usage && exit 0 ;;
    -*) fail 2 "no such option: $1; see --help" ;;
    *) [[ -z $out ]] || fail 2 "one OUT.img at a time, there are two: '$out' and '$1'" && out=$1 ;;
    esac
    shift
done
[[ -n $out ]] || fail 2 "say where to write the disk; see --help"
[[ $table == dos || $table == gpt ]] || fail 2 "no such partition table: '$table'; dos or gpt"
[[ $marker =~ ^[[:graph:]][[:print:]]{3,99}$ ]] || fail 2 "the marker must be 4 to 100 printable characters on one line"
bytes=$(parse_size "$size")
((bytes >= 48 << 20)) || fail 2 "$size is too small; the kernel and its file system need 48MiB"
need_tools mke2fs=e2fsprogs sfdisk=fdisk grub-mkimage=grub-common busybox=busybox-static cpio=cpio openssl=openssl \
    fakeroot=fakeroot apt-get=apt dpkg-deb=dpkg
[[ -s $grub_directory/i386-pc/boot.img ]] || fail 2 "no GRUB for BIOS here; install grub-pc-bin"

can_write "$out"
cache=$(cache_directory)
guest_kernel "$cache"

image=$out.partial
work=$(mktemp -d)
trap 'rm -rf "$work" "$image" "$image".*' EXIT
root_uuid=$(uuid_from "$seed" root)
tree=$work/tree
mkdir -p "$tree"/{bin,sbin,boot,etc/ferry,dev,proc,root,tmp}
cp "$kernel_directory"/{vmlinuz,initrd} "$tree/boot/"
cp "$(command -v busybox)" "$tree/bin/busybox"
ln -s busybox "$tree/bin/sh"
printf '%s\n' "$marker" >"$tree/etc/ferry/marker"
random_bytes "$seed/payload" $((2 << 20)) >"$tree/etc/ferry/payload"
write_grub_menu "$tree" "$root_uuid" /boot/vmlinuz /boot/initrd ''
cat >"$tree/sbin/init" <<'INIT'
#!/bin/busybox sh
# The marker is in no command line and no script: it comes from the root disk, as do the bytes of the sum.
sum=$(busybox sha256sum /etc/ferry/payload)
root=$(busybox awk '$2 == "/" && $1 ~ /^\/dev\// { print $1 }' /proc/mounts)
echo "<1>$(busybox cat /etc/ferry/marker) sha256=${sum%% *} root=$root" >/dev/kmsg
busybox mount -o remount,ro /
busybox poweroff -f
INIT
chmod 755 "$tree/sbin/init"

sectors=$((bytes / 512))
truncate -s "$bytes" "$image"
if [[ $table == dos ]]; then
    sfdisk --quiet --no-reread --no-tell-kernel "$image" <<TABLE
label: dos
label-id: 0x$(uuid_from "$seed" disk | cut -c1-8)
start=2048, size=$((sectors - 2048)), type=83, bootable
TABLE
    first=2048 count=$((sectors - 2048))
    install_grub_bios "$image" msdos1 1 $((2047 * 512))
else
    # The last 33 sectors are the second table's; file systems end on a whole MiB before it.
    first=4096 count=$((sectors / 2048 * 2048 - 2048 - 4096))
    sfdisk --quiet --no-reread --no-tell-kernel "$image" <<TABLE
label: gpt
label-id: $(uuid_from "$seed" disk)
start=2048, size=2048, type=21686148-6449-6E6F-744E-656564454649, uuid=$(uuid_from "$seed" bios), name=bios-grub
start=$first, size=$count, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, uuid=$(uuid_from "$seed" part), name=root
TABLE
    install_grub_bios "$image" gpt2 2048 $((2048 * 512))
fi
make_ext4 "$image" $((first * 512)) $((count * 512)) "$root_uuid" ferry-boot "$tree" -O ^has_journal
mv "$image" "$out"

printf 'made %s: %s, of which %s are in use; %s partition table, root UUID %s\n' \
    "$out" "$(show_mib "$bytes")" "$(show_mib $(($(stat -c %b "$out") * 512)))" "$table" "$root_uuid"
printf 'marker: %s sha256=%s\n' "$marker" "$(sha256sum "$tree/etc/ferry/payload" | cut -d' ' -f1)"
