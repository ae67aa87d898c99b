#!/bin/sh
# Makes the disks that fuzzing begins with: one of each format, without checksums, so that changes get past them.
set -eu
folder=${1:?usage: seeds.sh FOLDER}
mkdir -p "$folder"
image() { # name, KiB
    rm -f "$folder/$1"
    truncate -s "$2k" "$folder/$1"
}
image ext2 256
mke2fs -q -F -b 1024 -O none,sparse_super "$folder/ext2"
image ext4 512
mke2fs -q -F -t ext4 -b 1024 -O '^has_journal,^metadata_csum,^uninit_bg,64bit' "$folder/ext4"
image bigalloc 512
mke2fs -q -F -t ext4 -b 1024 -O '^has_journal,^metadata_csum,bigalloc' "$folder/bigalloc" 2>/dev/null
image meta 512
mke2fs -q -F -b 1024 -g 256 -O none,meta_bg,sparse_super2 "$folder/meta"
image swap 64
mkswap -q "$folder/swap"
image dos 256
printf 'label: dos\nstart=8, size=100, type=83\nstart=128, size=300, type=5\nstart=130, size=20, type=82\n' |
    sfdisk -q "$folder/dos"
image gpt 256
printf 'label: gpt\nfirst-lba: 34\nstart=40, size=100\nstart=160, size=80\n' | sfdisk -q "$folder/gpt"
# mkfs.xfs makes nothing this small; the fuzzer has one of its own.
"$(dirname "$0")/.build/release/fuzz-disk" seed "$folder"
