# shellcheck shell=bash
# What makes a disk boot: Debian's cloud kernel, an initrd of our own, and GRUB.

grub_directory=/usr/lib/grub

# guest_kernel CACHE: fetches and unpacks the kernel once; sets kernel_directory with vmlinuz and initrd in it.
guest_kernel() {
    local cache=$1
    kernel_directory=$cache/kernel-1
    [[ -s $kernel_directory/initrd ]] && return
    lock_cache "$cache"
    if [[ ! -s $kernel_directory/initrd ]]; then
        say "Fetching Debian's cloud kernel (about 26 MiB) into $cache; this is done once."
        filling=$(mktemp -d "$cache/kernel.XXXXXX")
        run_slowly "fetching the kernel package" \
            with_package_lists "$cache" fetch_behind "$filling" linux-image-cloud-amd64
        run_slowly "unpacking the kernel and making its initrd" prepare_kernel "$filling"
        mv -T "$filling/ready" "$kernel_directory"
    fi
    unlock_cache
}

prepare_kernel() {
    local work=$1 version modules root=$1/initrd
    dpkg-deb -x "$work"/linux-image-*.deb "$work/files"
    version=$(basename "$work"/files/lib/modules/*)
    mkdir -p "$work/ready" "$root"/{bin,proc,sys,dev,root}
    cp "$work/files/boot/vmlinuz-$version" "$work/ready/vmlinuz"
    busybox depmod -b "$work/files" "$version"
    cp "$(command -v busybox)" "$root/bin/busybox"
    for modules in virtio_pci virtio_blk ata_piix sd_mod; do
        copy_module "$work/files/lib/modules/$version" "$root/lib/modules/$version" "$modules"
    done
    busybox depmod -b "$root" "$version"
    cat >"$root/init" <<'INIT'
#!/bin/busybox sh
# Finds the root file system by its UUID, on whatever bus it came, and hands over to what lies on it.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for word in $(cat /proc/cmdline); do
    case $word in
    root=*) root=${word#root=} ;;
    init=*) init=${word#init=} ;;
    esac
done
modprobe -a virtio_pci virtio_blk ata_piix sd_mod
device=
for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
    device=$(findfs "$root" 2>/dev/null) && break
    sleep 0.2
done
if [ -z "$device" ]; then
    echo "ALERT! $root does not exist. The disks seen:" >/dev/console
    cat /proc/partitions >/dev/console
    poweroff -f
fi
if ! mount -t ext4 -o rw "$device" /root; then
    echo "ALERT! $root on $device cannot be mounted" >/dev/console
    poweroff -f
fi
umount /sys
mount --move /proc /root/proc
mount --move /dev /root/dev
exec switch_root /root "${init:-/sbin/init}"
INIT
    chmod 755 "$root/init"
    find "$root" -exec touch -h -d @0 {} +
    (cd "$root" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --reproducible --quiet) |
        gzip -9n >"$work/ready/initrd"
}

# copy_module FROM TO NAME: a kernel module and all it stands on; nothing for what is built into the kernel.
copy_module() {
    local line file
    line=$(grep -E "/$3\.ko(\.xz)?:" "$1/modules.dep" || true)
    if [[ -z $line ]]; then
        grep -q "/$3\.ko" "$1/modules.builtin" && return
        echo "the kernel package has no module $3" && return 1
    fi
    for file in ${line/:/ }; do
        mkdir -p "$2/$(dirname "$file")"
        cp "$1/$file" "$2/$file"
    done
}

# write_grub_menu TREE ROOT-UUID KERNEL INITRD WORDS: the one way to boot; WORDS are added to the kernel's command line.
write_grub_menu() {
    mkdir -p "$1/boot/grub"
    cat >"$1/boot/grub/grub.cfg" <<MENU
serial --unit=0 --speed=115200
terminal_output serial
linux $3 root=UUID=$2 rw console=tty0 console=ttyS0,115200 loglevel=4 panic=-1 $5
initrd $4
boot
MENU
}

# write_number IMAGE OFFSET VALUE: eight bytes, least significant first.
write_number() {
    local text='' shift
    for shift in 0 8 16 24 32 40 48 56; do
        text+=$(printf '\\x%02x' $(($3 >> shift & 255)))
    done
    printf '%b' "$text" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# install_grub_bios IMAGE PARTITION CORE-SECTOR CORE-LIMIT: GRUB into the boot sector and, from CORE-SECTOR on, its core.
# PARTITION is GRUB's own name of the one with /boot, as msdos1 or gpt2.
install_grub_bios() {
    local image=$1 partition=$2 sector=$3 limit=$4 core=$1.core modules=(biosdisk ext2 normal linux configfile serial boot)
    case $partition in
    msdos*) modules+=(part_msdos) ;;
    gpt*) modules+=(part_gpt) ;;
    esac
    grub-mkimage -O i386-pc -d "$grub_directory/i386-pc" -o "$core" -p "(,$partition)/boot/grub" "${modules[@]}"
    (($(stat -c %s "$core") <= limit)) || fail 1 "GRUB's core image is larger than the $limit bytes there are for it"
    # The core's first sector holds, in its last 12 bytes, where the rest of it lies.
    write_number "$core" 500 $((sector + 1))
    dd if="$grub_directory/i386-pc/boot.img" of="$image" bs=440 count=1 conv=notrunc status=none
    # The boot sector holds, at 0x5c, where the core begins.
    write_number "$image" 92 "$sector"
    dd if="$core" of="$image" bs=512 seek="$sector" conv=notrunc status=none
    rm -f "$core"
}

# make_esp IMAGE OFFSET BYTES ROOT-UUID: a UEFI system partition whose GRUB reads its menu from the root file system.
make_esp() {
    local esp=$1.esp
    printf 'search --no-floppy --fs-uuid --set=root %s\nset prefix=($root)/boot/grub\n' "$4" >"$esp.cfg"
    # shellcheck disable=SC2016 # GRUB's variable
    echo 'configfile $prefix/grub.cfg' >>"$esp.cfg"
    grub-mkimage -O x86_64-efi -d "$grub_directory/x86_64-efi" -o "$esp.efi" -c "$esp.cfg" -p /boot/grub \
        part_gpt fat ext2 normal linux configfile search search_fs_uuid serial boot
    rm -f "$esp"
    truncate -s "$3" "$esp"
    mkfs.vfat --invariant -n FERRY-ESP "$esp" >/dev/null
    mmd -i "$esp" ::/EFI ::/EFI/BOOT
    mcopy -i "$esp" "$esp.efi" ::/EFI/BOOT/BOOTX64.EFI
    dd if="$esp" of="$1" bs=1M seek=$(($2 >> 20)) conv=notrunc,sparse status=none
    rm -f "$esp" "$esp.cfg" "$esp.efi"
}
