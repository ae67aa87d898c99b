#!/usr/bin/env bash
# Lets through what a person wants to see of a build: progress now and then, and everything that went wrong.
# The linker warns of what glibc cannot do in a static program; Ferry uses none of it (names are resolved by its own
# resolver), and of names of the sanitizers that it does not export; SwiftPM warns of packages that a part of Ferry does
# not use. Those warnings would only hide others.
set -euo pipefail

last=0
while IFS= read -r line; do
    case "$line" in
        *'statically linked applications requires at runtime'* | *'in function '* | *': in function'*) ;;
        *'Cannot export local symbol'* | *'is not used by any target') ;;
        '['*/*']'*)
            now=$SECONDS
            if ((now - last >= 10)); then
                last=$now
                echo "  $line"
            fi
            ;;
        *) echo "$line" ;;
    esac
done
