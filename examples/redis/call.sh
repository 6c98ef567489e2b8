#!/bin/sh
# Calls a service of another twin through a peer's Redis, and prints the answer. Needs redis-cli and jq.
#   ./call.sh [-p PORT] TWIN COMMAND PAYLOAD        for example ./call.sh -p 6380 1 calculator.add '[1, 2]'
set -eu

port=6379
[ "${1:-}" = -p ] && { port=$2; shift 2; }
[ $# -eq 3 ] || { sed -n 3p "$0" >&2; exit 2; }
redis() { redis-cli -p "$port" --raw "$@"; }

# A list of our own for the answer.
answers=answers.$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)

jq -cn --argjson twin "$1" --arg cmd "$2" --arg payload "$3" --arg ret "$answers" \
    '{ver: 1, cmd: $cmd, exp: 10, dat: ($payload | @base64), dst: [$twin], ret: $ret, now: (now | floor)}' |
    redis -x LPUSH msgbus.system.local >/dev/null

answer=$(redis BRPOP "$answers" 12) || exit 1
answer=$(printf '%s\n' "$answer" | tail -n +2)
[ -n "$answer" ] || { echo "no answer in time" >&2; exit 1; }
if [ "$(echo "$answer" | jq '.err == null')" = true ]; then
    echo "$answer" | jq -r '.dat | @base64d'
else
    echo "$answer" | jq -r '"error \(.err.code): \(.err.message)"' >&2
    exit 1
fi
