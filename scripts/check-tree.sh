#!/usr/bin/env bash
# What no compiler checks: the agent pulls in nothing it must not, and every error code is in the manual.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=0
complain() {
    echo "$1" >&2
    failed=1
}

for target in CFerryLinux FerryAddress FerryCore FerryDisk FerryEvidence FerryImage FerryWire FerryTransport FerryReplication \
    FerryResolver FerryPacket FerryPreCheck FerryProbe FerrySite FerryAgentCommands; do
    if grep -rnE '^(@_exported )?(public |internal |private )?import (Foundation|FoundationEssentials|Crypto|ArgumentParser)\b' \
        "Sources/$target" 2>/dev/null; then
        complain "Sources/$target imports what ferry-agent must not pull in"
    fi
done

while read -r code; do
    grep -qF "\`$code\`" docs/manual/errors.md || complain "docs/manual/errors.md does not list the code $code"
done < <(grep -rhoE 'ErrorCode\("[a-z0-9.-]+"' Sources | sed 's/.*"\(.*\)"/\1/' | sort -u)

exit $failed
