#!/usr/bin/env bash
# Makes the demo's disk: a small Debian server with a database, logs, swap and deleted files, that boots.
# Needs neither root nor loop devices.
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
# shellcheck source=scripts/lib/demo.sh
. "$here/lib/demo.sh"

usage() {
    cat <<'TEXT'
usage: scripts/make-demo-disk.sh OUT.img [--size 2GiB] [--marker TEXT] [--seed TEXT]

Makes OUT.img, a raw disk with a GPT: GRUB for BIOS, an ext4 root with a Debian 12 server's files (about 450 MiB), a
database and logs, swap, and 80 MiB of deleted files whose blocks are free but still hold their bytes. It boots from
virtio or IDE, prints TEXT (default FERRY-DEMO-OK) with the SHA-256 of the database and of the log as the guest read
them, and powers off; that line is printed here after "marker: ". The same --seed gives the same UUIDs and contents;
without it they are random. Packages are fetched once and kept, unpacked, in FERRY_CACHE (default ~/.cache/ferry).

exit status: 0 made; 1 it could not be made; 2 wrong usage or something to install first
TEXT
}

packages=(base-files base-passwd bash coreutils dash debianutils diffutils findutils gawk git grep gzip hostname iproute2
    less locales login mariadb-server-core mount nginx-light openssh-server passwd perl procps python3 sed systemd-sysv
    tar udev util-linux vim-nox)

out='' size=2GiB marker=FERRY-DEMO-OK seed=$(cat /proc/sys/kernel/random/uuid)
while (($# > 0)); do
    case $1 in
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
[[ $marker =~ ^[[:graph:]][[:print:]]{3,99}$ ]] || fail 2 "the marker must be 4 to 100 printable characters on one line"
bytes=$(parse_size "$size")
((bytes >= 1 << 30)) || fail 2 "$size is too small; the demo's files, swap and free space need 1GiB"
need_tools mke2fs=e2fsprogs debugfs=e2fsprogs mkswap=util-linux sfdisk=fdisk grub-mkimage=grub-common \
    busybox=busybox-static cpio=cpio openssl=openssl fakeroot=fakeroot apt-get=apt dpkg-deb=dpkg
[[ -s $grub_directory/i386-pc/boot.img ]] || fail 2 "no GRUB for BIOS here; install grub-pc-bin"
can_write "$out"

# The server's files, the same for every demo disk: unpacked once.
prepare_tree() {
    local ready=$1
    unpack_packages "$ready" "$cache"/apt/archives/*.deb
    cp "$ready/usr/share/base-passwd/passwd.master" "$ready/etc/passwd"
    cp "$ready/usr/share/base-passwd/group.master" "$ready/etc/group"
    cp "$kernel_directory"/{vmlinuz,initrd} "$ready/boot/"
    mkdir -p "$ready/var/lib/shop/sessions" "$ready/var/log/shop" "$ready/boot/grub" "$ready/usr/local/sbin"
    cat >"$ready/usr/local/sbin/demo-init" <<'INIT'
#!/bin/sh
# Reads the shop's files from the root disk with the server's own tools, reports their sums and goes off.
mount -t sysfs sys /sys
swapon -a
sum() { sha256sum "$1" | cut -d' ' -f1; }
root=$(gawk '$2 == "/" && $1 ~ /^\/dev\// { print $1 }' /proc/mounts)
swap=$(gawk 'NR > 1 { print $1 }' /proc/swaps)
echo "<1>$(cat /etc/ferry-marker) db=$(sum /var/lib/shop/orders.db) log=$(sum /var/log/shop/orders.log) root=$root swap=$swap" >/dev/kmsg
sync
mount -o remount,ro /
systemctl poweroff --force --force
INIT
    chmod 755 "$ready/usr/local/sbin/demo-init"
}

# Raise the number when prepare_tree changes.
demo_tree() {
    tree=$cache/demo-$(printf '%s\n' 2 "${packages[@]}" | sha256sum | cut -c1-12)
    [[ -d $tree ]] && return
    lock_cache "$cache"
    if [[ ! -d $tree ]]; then
        say "Fetching the demo server's packages (about 100 MiB) into $cache; this is done once."
        filling=$(mktemp -d "$cache/demo.XXXXXX")
        rm -f "$cache"/apt/archives/*.deb
        run_slowly "fetching the demo server's packages" with_package_lists "$cache" fetch_closure "${packages[@]}"
        run_slowly "unpacking the demo server's packages" prepare_tree "$filling"
        rm -f "$cache"/apt/archives/*.deb
        chmod 755 "$filling"
        mv -T "$filling" "$tree"
    fi
    unlock_cache
}

cache=$(cache_directory)
guest_kernel "$cache"
demo_tree

image=$(realpath "$out").partial
work=$(mktemp -d)
trap 'rm -rf "$work" "$image" "$image".*' EXIT

sectors=$((bytes / 512))
swap_count=$((sectors / 16 / 2048 * 2048))
# The last 33 sectors are the second table's; partitions end on a whole MiB before it.
swap_first=$((sectors / 2048 * 2048 - 2048 - swap_count))
root_first=4096 root_count=$((swap_first - 4096))
root_uuid=$(uuid_from "$seed" root)
swap_uuid=$(uuid_from "$seed" swap)
truncate -s "$bytes" "$image"
sfdisk --quiet --no-reread --no-tell-kernel "$image" <<TABLE
label: gpt
label-id: $(uuid_from "$seed" disk)
start=2048, size=2048, type=21686148-6449-6E6F-744E-656564454649, uuid=$(uuid_from "$seed" bios), name=bios-grub
start=$root_first, size=$root_count, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, uuid=$(uuid_from "$seed" part), name=root
start=$swap_first, size=$swap_count, type=0657FD6D-A4AB-43C4-84E5-0933C84B4F4F, uuid=$(uuid_from "$seed" swappart), name=swap
TABLE
install_grub_bios "$image" gpt2 2048 $((2048 * 512))
truncate -s $((swap_count * 512)) "$work/swap"
mkswap --quiet --uuid "$swap_uuid" --label demo-swap "$work/swap" 2>/dev/null
dd if="$work/swap" of="$image" bs=512 seek="$swap_first" count=8 conv=notrunc status=none

offset=$((root_first * 512))
run_slowly "writing the server's files into $out" \
    make_ext4 "$image" "$offset" $((root_count * 512)) "$root_uuid" demo-root "$tree"

# The shop's own files, with others between them that are deleted afterwards: their blocks stay behind, stale.
fill_disk() {
    local number
    cd "$work"
    printf '%s\n' "$marker" >ferry-marker
    printf 'UUID=%s / ext4 defaults 0 1\nUUID=%s none swap sw 0 0\n' "$root_uuid" "$swap_uuid" >fstab
    echo demo >hostname
    write_grub_menu "$work" "$root_uuid" /boot/vmlinuz /boot/initrd "init=/usr/local/sbin/demo-init"
    made_pages "$seed/database" $((64 << 20)) >orders.db
    made_text "$seed/log" $((16 << 20)) >orders.log
    for number in 1 2; do
        random_bytes "$seed/old/$number" $((20 << 20)) >"old$number"
        made_text "$seed/gone/$number" $((20 << 20)) >"gone$number"
    done
    {
        printf 'write %s\n' "ferry-marker /etc/ferry-marker" "hostname /etc/hostname" \
            "boot/grub/grub.cfg /boot/grub/grub.cfg" "old1 /var/lib/shop/old1" "orders.db $demo_database" \
            "gone1 /var/log/shop/gone1" "orders.log $demo_log" "old2 /var/lib/shop/old2"
        printf 'write fstab /etc/fstab\n'
        for number in {10..33}; do
            made_text "$seed/session/$number" $((40 << 10)) >"session$number"
            printf 'write session%s %s/%s\n' "$number" "$demo_sessions" "$number"
        done
        printf 'write gone2 /var/log/shop/gone2\n'
        printf 'rm %s\n' /var/lib/shop/old1 /var/lib/shop/old2 /var/log/shop/gone1 /var/log/shop/gone2
    } >commands
    edit_ext4 "$image" "$offset" 60 <"$work/commands"
}
run_slowly "writing the database, the logs and what is deleted later into $out" fill_disk
say_marker "$image" "$offset" "$marker" >"$work/marker-line"
mv "$image" "$out"

printf 'made %s: %s, of which %s are in use; root UUID %s, swap UUID %s\n' \
    "$out" "$(show_mib "$bytes")" "$(show_mib $(($(stat -c %b "$out") * 512)))" "$root_uuid" "$swap_uuid"
cat "$work/marker-line"
