#!/usr/bin/env bash
# What a person with telnet sees: connects to HOST PORT, reads the first line of what comes, and says in a word what it was.
host=$1 port=$2
# Nobody waits longer than five seconds for a handshake.
if [[ ${3:-} != inside ]]; then
    timeout 5 bash "$0" "$host" "$port" inside || echo "no answer in 5 s"
    exit
fi
if ! exec 3<> "/dev/tcp/$host/$port"; then
    echo "refused, reset or no way there"
    exit
fi 2> /dev/null
[[ $port != 8080 ]] || printf 'GET / HTTP/1.0\r\n\r\n' >&3
if IFS= read -r -t 2 -u 3 line 2> /dev/null; then
    echo "answers: ${line%$'\r'}"
elif (($? > 128)); then
    echo "connects, and says nothing"
else
    echo "connects, and is closed"
fi
