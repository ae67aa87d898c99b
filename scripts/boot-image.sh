#!/usr/bin/env bash
# Boots a disk image in QEMU, changing nothing in it, and waits until the guest prints a marker on its serial console.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=scripts/lib/say.sh
. "$here/lib/say.sh"

usage() {
    cat <<'TEXT'
usage: scripts/boot-image.sh IMAGE --marker TEXT [--format raw|qcow2|vpc] [--bus virtio|ide]
                             [--firmware bios|uefi] [--memory 256MiB] [--timeout 120]

Boots IMAGE in an emulated PC without network. What the guest writes goes to a throw-away overlay (in TMPDIR or
/var/tmp), never into IMAGE. --format defaults to what the name ends in (.qcow2, .vhd), else raw; --timeout is in
seconds.

exit status: 0 the marker came; 3 the guest failed, went off or was too slow (its last 30 console lines are printed);
             2 QEMU or the image is missing, or wrong usage
TEXT
}

image='' marker='' format='' bus=virtio firmware=bios memory=256MiB timeout=120
while (($# > 0)); do
    case $1 in
    --marker) value_of "$1" $# && marker=$2 && shift ;;
    --format) value_of "$1" $# && format=$2 && shift ;;
    --bus) value_of "$1" $# && bus=$2 && shift ;;
    --firmware) value_of "$1" $# && firmware=$2 && shift ;;
    --memory) value_of "$1" $# && memory=$2 && shift ;;
    --timeout) value_of "$1" $# && timeout=$2 && shift ;;
    -h | --help) usage && exit 0 ;;
    -*) fail 2 "no such option: $1; see --help" ;;
    *) [[ -z $image ]] || fail 2 "one image at a time, there are two: '$image' and '$1'" && image=$1 ;;
    esac
    shift
done
[[ -n $image ]] || fail 2 "say which image to boot; see --help"
[[ -n $marker ]] || fail 2 "say what the guest prints when it is up: --marker TEXT"
if [[ -z $format ]]; then
    case $image in
    *.qcow2) format=qcow2 ;;
    *.vhd) format=vpc ;;
    *) format=raw ;;
    esac
fi
[[ $format =~ ^(raw|qcow2|vpc)$ ]] || fail 2 "no such format: '$format'; raw, qcow2 or vpc"
[[ $bus =~ ^(virtio|ide)$ ]] || fail 2 "no such bus: '$bus'; virtio or ide"
[[ $firmware =~ ^(bios|uefi)$ ]] || fail 2 "no such firmware: '$firmware'; bios or uefi"
[[ $timeout =~ ^[1-9][0-9]{0,4}$ ]] || fail 2 "not a time: '$timeout'; write whole seconds"
bytes=$(parse_size "$memory")
[[ -e $image ]] || fail 2 "there is no image $image"
[[ -r $image ]] || fail 2 "cannot read $image: $(stat -c 'it belongs to %U and has mode %A' "$image")"
need_tools qemu-system-x86_64=qemu-system-x86

work=$(mktemp -d)
qemu=
# shellcheck disable=SC2317 # called by the trap
leave() {
    if [[ -n $qemu ]]; then
        kill -KILL "$qemu" 2>/dev/null || true
        wait "$qemu" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The whole machine, spelled out: no KVM (a host may offer one that is slower or broken), no network, no screen.
# In QEMU's own lists a comma ends a word; two stand for one.
# shellcheck disable=SC2054 # those commas are QEMU's
arguments=(
    -nodefaults -no-user-config -machine pc,graphics=off -accel tcg,tb-size=32 -m "$((bytes >> 20))"
    -display none -no-reboot -serial "file:$work/console" -net none
    -drive "file=${image//,/,,},format=$format,if=$bus,snapshot=on"
)
if [[ $firmware == uefi ]]; then
    for suffix in '' _4M; do
        [[ -r /usr/share/OVMF/OVMF_CODE$suffix.fd && -r /usr/share/OVMF/OVMF_VARS$suffix.fd ]] || continue
        cp "/usr/share/OVMF/OVMF_VARS$suffix.fd" "$work/vars.fd"
        chmod u+w "$work/vars.fd"
        arguments+=(
            -drive "if=pflash,format=raw,unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE$suffix.fd"
            -drive "if=pflash,format=raw,unit=1,file=$work/vars.fd"
        )
        break
    done
    [[ -e $work/vars.fd ]] || fail 2 "no UEFI firmware in /usr/share/OVMF; install ovmf"
fi

console() {
    tr -d '\r\000' <"$work/console" | sed 's/\x1b\(\[[0-9;?=]*[A-Za-z]\|c\)//g'
}

has_failed() {
    console | grep -a -m1 -i -E 'ALERT!|\(initramfs\)|Kernel panic|grub rescue>|^grub> |no bootable (device|option)|emergency mode|^Shell> '
}

give_up() {
    printf 'boot failed after %d s: %s\nThe last console lines of %s (%s, %s):\n' \
        $((SECONDS)) "$1" "$image" "$bus" "$firmware"
    console | grep -a -v '^[[:space:]]*$' | tail -n 30 | sed 's/^/  | /'
    exit 3
}

printf 'Booting %s (%s, %s bus, %s firmware, %s), for at most %d s.\n' "$image" "$format" "$bus" "$firmware" "$memory" "$timeout"
: >"$work/console"
SECONDS=0
qemu-system-x86_64 "${arguments[@]}" </dev/null >"$work/qemu" 2>&1 &
qemu=$!
limit_silence 1
spoken=0
while :; do
    alive=yes
    kill -0 "$qemu" 2>/dev/null || alive=no
    if console | grep -a -q -F -e "$marker"; then
        printf 'booted in %d s: %s\n' $((SECONDS)) "$(console | grep -a -m1 -F -e "$marker")"
        exit 0
    fi
    if text=$(has_failed); then
        sleep 0.3
        give_up "the guest said: $text"
    fi
    if [[ $alive == no ]]; then
        status=0
        wait "$qemu" || status=$?
        qemu=
        if ((status != 0)) && [[ ! -s $work/console ]]; then
            fail 2 "QEMU did not start (exit status $status): $(tail -n 3 "$work/qemu")"
        fi
        give_up "the guest went off (QEMU's exit status $status) and had not printed '$marker'"
    fi
    ((SECONDS < timeout)) || give_up "'$marker' did not come in $timeout s"
    if ((SECONDS - spoken >= silence)); then
        spoken=$SECONDS
        printf '  %d s: %d console lines, the last: %s\n' "$SECONDS" "$(console | wc -l)" \
            "$(console | grep -a -v '^[[:space:]]*$' | tail -n 1 | cut -c1-90)"
    fi
    sleep 0.2
done
