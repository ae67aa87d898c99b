# shellcheck shell=bash
# ext4 inside a disk image, at its partition's offset: made, filled and changed without mounting it and without root.

# The time written into new file systems, so that the same seed gives the same disk.
ext4_time=1750000000

# uuid_from SEED NAME: the same UUID for the same words, another for any others.
uuid_from() {
    local hex
    hex=$(printf '%s/%s' "$1" "$2" | sha256sum)
    printf '%s-%s-4%s-a%s-%s\n' "${hex:0:8}" "${hex:8:4}" "${hex:13:3}" "${hex:17:3}" "${hex:20:12}"
}

# random_bytes SEED COUNT: incompressible bytes, the same for the same seed.
random_bytes() {
    head -c "$2" /dev/zero |
        openssl enc -aes-256-ctr -nosalt -K "$(printf '%s' "$1" | sha256sum | cut -c1-64)" -iv 00000000000000000000000000000000
}

# make_ext4 IMAGE OFFSET BYTES UUID LABEL TREE [OPTION...]: owned by root, whoever runs it; or, when `ownership` is set,
# as fakeroot noted in that file.
make_ext4() {
    local image=$1 offset=$2 bytes=$3 uuid=$4 label=$5 tree=$6 as_root=()
    shift 6
    ((EUID == 0)) || as_root=(fakeroot ${ownership:+-i "$ownership"})
    # Features are named one by one: newer defaults are more than this GRUB can read.
    cat >"$image.mke2fs.conf" <<'CONF'
[fs_types]
ext4 = {
    inode_size = 256
}
small = {
    inode_ratio = 16384
}
[defaults]
base_features = sparse_super,large_file,filetype,resize_inode,dir_index,ext_attr,has_journal,extent,huge_file,flex_bg,metadata_csum,64bit,dir_nlink,extra_isize
blocksize = 4096
CONF
    E2FSPROGS_FAKE_TIME=$ext4_time MKE2FS_CONFIG=$image.mke2fs.conf "${as_root[@]}" mke2fs -q -F -t ext4 -b 4096 -m 1 -U "$uuid" -L "$label" \
        -E "offset=$offset,hash_seed=$uuid,lazy_itable_init=1,lazy_journal_init=1,nodiscard,root_owner=0:0" \
        -d "$tree" "$@" "$image" "$((bytes >> 10))k"
    rm -f "$image.mke2fs.conf"
}

# edit_ext4 IMAGE OFFSET SECONDS: debugfs commands from standard input, as if done SECONDS after the disk was made.
# What they print goes to standard output. debugfs never fails by itself: any complaint of its is a failure here.
edit_ext4() {
    local complaints status=0
    complaints=$(mktemp)
    E2FSPROGS_FAKE_TIME=$((ext4_time + $3)) debugfs -w -f /dev/stdin "$1?offset=$2" 2>"$complaints" || status=$?
    if ((status != 0)) || sed 1d "$complaints" | grep -q .; then
        say "debugfs could not change the file system at byte $2 of $1: $(sed 1d "$complaints" | head -n 5)"
        rm -f "$complaints"
        return 1
    fi
    rm -f "$complaints"
}

# ext4_file_sum IMAGE OFFSET PATH: the SHA-256 of a file in it.
ext4_file_sum() {
    debugfs -R "cat $3" "$1?offset=$2" 2>/dev/null | sha256sum | cut -d' ' -f1
}
