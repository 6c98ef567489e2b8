#!/bin/sh
# Serves calculator.add and calculator.divide to other twins, through a peer's Redis. Needs redis-cli and jq.
#   ./calculator.sh [PORT]        the Redis of the serving peer; 6379 if not given
set -eu

port=${1:-6379}
redis() { redis-cli -p "$port" --raw "$@"; }

for tool in redis-cli jq; do
    command -v "$tool" >/dev/null || { echo "$tool is needed" >&2; exit 1; }
done
redis PING >/dev/null || { echo "no Redis on port $port: start ./rmb-peer with --redis embedded:$port" >&2; exit 1; }
echo "serving calculator.add and calculator.divide"

while true; do
    # The list's name, then the message.
    request=$(redis BRPOP msgbus.calculator.add msgbus.calculator.divide 10) || exit 1
    request=$(printf '%s\n' "$request" | tail -n +2)
    [ -n "$request" ] || continue
    echo "$request" | jq -r '"from twin \(.src): \(.cmd) \(.dat | @base64d)"'
    # "dst" is who asked, "ref" which request it was; 255 is the code of a service's own errors.
    echo "$request" | jq -c '
        (.dat | @base64d | fromjson? // null) as $numbers
        | {ver: 1, ref, dst: .src, now: (now | floor), shm: "application/json"}
        + if ($numbers | type) != "array" or ($numbers | map(type == "number") | all | not)
             or ($numbers | length) != 2
          then {dat: "", err: {code: 255, message: "two numbers are needed, like [1, 2]"}}
          elif .cmd == "calculator.divide" and $numbers[1] == 0
          then {dat: "", err: {code: 255, message: "division by zero"}}
          elif .cmd == "calculator.divide" then {dat: ($numbers[0] / $numbers[1] | tojson | @base64)}
          else {dat: ($numbers[0] + $numbers[1] | tojson | @base64)} end' |
        redis -x LPUSH "$(echo "$request" | jq -r .ret)" >/dev/null
done
