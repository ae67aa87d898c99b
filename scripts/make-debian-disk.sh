#!/usr/bin/env bash
# Makes a disk with a whole Debian 12 on it, systemd and all, that boots with BIOS or with UEFI.
# No loop devices; root is used when there, otherwise mmdebstrap works in a user namespace.
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
usage: scripts/make-debian-disk.sh OUT.img --firmware bios|uefi [--size 1GiB] [--marker TEXT] [--seed TEXT]

Makes OUT.img, a raw disk: for BIOS a DOS partition table with GRUB in the gap, for UEFI a GPT with an EFI system
partition; the root is ext4, found by UUID. When the system is up a systemd unit prints TEXT (default FERRY-DEBIAN-OK)
with the SHA-256 of a file on the root disk through the kernel log; that line is printed here after "marker: ".
The installed system is kept in FERRY_CACHE (default ~/.cache/ferry); packages come from mmdebstrap's default mirror
or from FERRY_DEBIAN_MIRROR.

exit status: 0 made; 1 it could not be made; 2 wrong usage or something to install first
TEXT
}

packages=(dbus e2fsprogs initramfs-tools iproute2 kmod less linux-image-cloud-amd64 login procps systemd-sysv udev)

out='' firmware='' size=1GiB marker=FERRY-DEBIAN-OK seed=$(cat /proc/sys/kernel/random/uuid)
while (($# > 0)); do
    case $1 in
    --firmware) value_of "$1" $# && firmware=$2 && shift ;;
    --size) value_of "$1" $# && size=$2 && shift ;;
    --marker) value_of "$1" $# && marker=$2 && shift ;;
    --seed) value_of "$1" $# && seed=$2 && shift ;;
    -h | --help) usage && exit 0 ;;
    -*) fail 2 "no such option: $1; see --help" ;;
    *) [[ -z $out ]] || fail 2 "one OUT.img at a time, there are two: '$out' and '$1'" && out=$1 ;;
    esac
    shift
done
[[ -n $out ]] || fail 2 "say where to write the disk; see --help"
[[ $firmware =~ ^(bios|uefi)$ ]] || fail 2 "say --firmware bios or --firmware uefi"
[[ $marker =~ ^[[:graph:]][[:print:]]{3,99}$ ]] || fail 2 "the marker must be 4 to 100 printable characters on one line"
bytes=$(parse_size "$size")
((bytes >= 768 << 20)) || fail 2 "$size is too small; Debian needs 768MiB"
need_tools mmdebstrap=mmdebstrap mke2fs=e2fsprogs debugfs=e2fsprogs sfdisk=fdisk grub-mkimage=grub-common \
    openssl=openssl fakeroot=fakeroot mkfs.vfat=dosfstools mmd=mtools
[[ -s $grub_directory/i386-pc/boot.img ]] || fail 2 "no GRUB for BIOS here; install grub-pc-bin"
[[ $firmware == bios || -d $grub_directory/x86_64-efi ]] || fail 2 "no GRUB for UEFI here; install grub-efi-amd64-bin"
can_write "$out"

# The installed system, the same for every disk: a tar, as its files have many owners.
debian_tar() {
    local mode=root
    tar=$cache/debian-12-$(printf '%s\n' 1 "${packages[@]}" | sha256sum | cut -c1-12).tar
    [[ -s $tar ]] && return
    if ((EUID != 0)); then
        mode=unshare
        need_tools newuidmap=uidmap
        grep -q -E "^($(id -un)|$EUID):" /etc/subuid ||
            fail 2 "$(id -un) has no range of user IDs in /etc/subuid; as root run usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $(id -un)"
    fi
    lock_cache "$cache"
    if [[ ! -s $tar ]]; then
        say "Installing Debian 12 (about 100 MiB to fetch, a minute or two) into $cache; this is done once."
        filling=$(mktemp "$cache/debian.XXXXXX")
        run_slowly "installing Debian 12" mmdebstrap --mode="$mode" --variant=minbase --architectures=amd64 --format=tar \
            --include="$(IFS=, && echo "${packages[*]}")" --dpkgopt='path-exclude=/usr/share/doc/*' \
            --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/man/*' \
            bookworm "$filling" ${FERRY_DEBIAN_MIRROR:+"$FERRY_DEBIAN_MIRROR"}
        mv "$filling" "$tar"
    fi
    unlock_cache
}

cache=$(cache_directory)
debian_tar

image=$(realpath "$out").partial
# Beside the cache, as the memory behind a small /tmp may not hold a whole system.
work=$(mktemp -d "$cache/work.XXXXXX")
trap 'rm -rf "$work" "$image" "$image".*' EXIT

unpack_system() {
    mkdir "$work/tree"
    # Device nodes are the kernel's to make.
    if ((EUID == 0)); then
        tar -x -p --numeric-owner --exclude='./dev/*' -f "$tar" -C "$work/tree"
    else
        fakeroot -s "$work/ownership" tar -x -p --numeric-owner --exclude='./dev/*' -f "$tar" -C "$work/tree"
    fi
}
run_slowly "unpacking Debian 12" unpack_system
((EUID == 0)) || ownership=$work/ownership

sectors=$((bytes / 512))
root_uuid=$(uuid_from "$seed" root)
truncate -s "$bytes" "$image"
if [[ $firmware == bios ]]; then
    first=2048 count=$((sectors - 2048))
    sfdisk --quiet --no-reread --no-tell-kernel "$image" <<TABLE
label: dos
label-id: 0x$(uuid_from "$seed" disk | cut -c1-8)
start=$first, size=$count, type=83, bootable
TABLE
    install_grub_bios "$image" msdos1 1 $((2047 * 512))
else
    first=$((2048 + 65536)) count=$((sectors / 2048 * 2048 - 2048 - 2048 - 65536))
    sfdisk --quiet --no-reread --no-tell-kernel "$image" <<TABLE
label: gpt
label-id: $(uuid_from "$seed" disk)
start=2048, size=65536, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, uuid=$(uuid_from "$seed" esp), name=efi
start=$first, size=$count, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, uuid=$(uuid_from "$seed" part), name=root
TABLE
    make_esp "$image" $((2048 * 512)) $((65536 * 512)) "$root_uuid"
fi
offset=$((first * 512))
run_slowly "writing Debian 12 into $out" \
    make_ext4 "$image" "$offset" $((count * 512)) "$root_uuid" debian-root "$work/tree"

# What differs from disk to disk.
personalize() {
    cd "$work"
    printf '%s\n' "$marker" >marker
    random_bytes "$seed/payload" $((2 << 20)) >payload
    printf 'UUID=%s / ext4 defaults 0 1\n' "$root_uuid" >fstab
    uuid_from "$seed" machine | tr -d - >machine-id
    echo debian >hostname
    write_grub_menu "$work" "$root_uuid" /vmlinuz /initrd.img net.ifnames=0
    cat >ferry-marker <<'SCRIPT'
#!/bin/sh
# The marker is in no command line and no unit: it comes from the root disk, as do the bytes of the sum.
sum=$(sha256sum /etc/ferry/payload)
echo "<1>$(cat /etc/ferry/marker) sha256=${sum%% *} root=$(findmnt -n -o SOURCE /)" >/dev/kmsg
SCRIPT
    chmod 755 ferry-marker
    cat >ferry-marker.service <<'UNIT'
[Unit]
Description=Says that the system is up
After=multi-user.target

[Service]
Type=oneshot
ExecStart=/usr/local/sbin/ferry-marker

[Install]
WantedBy=multi-user.target
UNIT
    cat >commands <<'COMMANDS'
mkdir /etc/ferry
mkdir /boot/grub
write marker /etc/ferry/marker
write payload /etc/ferry/payload
rm /etc/fstab
write fstab /etc/fstab
rm /etc/machine-id
write machine-id /etc/machine-id
rm /etc/hostname
write hostname /etc/hostname
write boot/grub/grub.cfg /boot/grub/grub.cfg
write ferry-marker /usr/local/sbin/ferry-marker
write ferry-marker.service /etc/systemd/system/ferry-marker.service
cd /etc/systemd/system/multi-user.target.wants
symlink ferry-marker.service /etc/systemd/system/ferry-marker.service
COMMANDS
    # debugfs calls it an error to remove what is not there.
    local name
    for name in etc/fstab etc/hostname etc/machine-id; do
        [[ -e tree/$name ]] || sed -i "\|^rm /$name\$|d" commands
    done
    [[ ! -d tree/boot/grub ]] || sed -i '/^mkdir .boot.grub$/d' commands
    edit_ext4 "$image" "$offset" 60 <commands
}
run_slowly "naming the system and adding its marker" personalize
mv "$image" "$out"

printf 'made %s: %s, of which %s are in use; for %s, root UUID %s\n' "$out" "$(show_mib "$bytes")" \
    "$(show_mib $(($(stat -c %b "$out") * 512)))" "$firmware" "$root_uuid"
printf 'marker: %s sha256=%s\n' "$marker" "$(sha256sum "$work/payload" | cut -d' ' -f1)"
