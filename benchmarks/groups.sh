#!/usr/bin/env bash
# Many groups: how fast they commit, how long a restart takes until all have told their positions, and what they take of the
# heap; this broker beside Apache Kafka 3.9.2 (ZooKeeper mode), with the same client (3.9.2).
set -euo pipefail

usage() {
    cat <<'HELP'
usage: benchmarks/groups.sh [--rounds N] [--groups N] [--partitions N] [--commits N] [--at-a-time N]

Each round starts each broker on an empty folder, has every group commit a position in every partition of a topic, one
request a group, again and again, then ends the broker with SIGTERM and starts it again. Medians. CPU is the broker
process's own. The restart is timed from the start of the process until a client has the positions of all groups. The heap is
what lives after a full collection: before the first commit, and after the restart. The last column is this broker's figure
divided by Kafka's.

  --rounds N       rounds, interleaved over the brokers (default 3)
  --groups N       groups (default 5000)
  --partitions N   partitions of the topic (default 10)
  --commits N      commits of each group that count; one comes before (default 10)
  --at-a-time N    requests that are not answered yet (default 100)

examples:
  benchmarks/groups.sh
  benchmarks/groups.sh --rounds 1 --groups 500
HELP
}

rounds=3 groups=5000 partitions=10 commits=10 at_a_time=100
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2; shift 2 ;;
        --groups) groups=$2; shift 2 ;;
        --partitions) partitions=$2; shift 2 ;;
        --commits) commits=$2; shift 2 ;;
        --at-a-time) at_a_time=$2; shift 2 ;;
        -h | --help) usage; exit 0 ;;
        *) echo "$0: unknown option $1" >&2; usage >&2; exit 2 ;;
    esac
done

root=$(cd "$(dirname "$0")/.." && pwd)
work=$root/benchmarks/target/groups
. "$root/benchmarks/brokers.sh"
data=$work/data
rm -rf "$data" && mkdir -p "$data"
results=$work/results.tsv
: >"$results"
prepare_tools
trap stop_all EXIT
jcmd=${JAVA_HOME:+$JAVA_HOME/bin/}jcmd

load() { "$java" "${client_jvm[@]}" io.odradek.benchmarks.GroupsLoad "$1" "127.0.0.1:$port" "$groups" "$partitions" \
    "$commits" "$at_a_time" 2>>"$data/client.err"; }
heap_mb() { "$jcmd" "$pid" GC.class_histogram | awk '/^Total/ {printf "%.1f", $3 / 1048576}'; }
ticks() { cpu_ticks "$pid" | cut -d' ' -f1; }
failed() { echo "$0: the client of $1 failed:" >&2; tail -n 20 "$data/client.err" >&2; exit 1; }

for round in $(seq 1 "$rounds"); do
    for name in odradek kafka-3.9.2; do
        echo "round $round of $rounds: $name" >&2
        folder=$data/$name-$round
        mkdir -p "$folder"
        port=$(free_port)
        [ "$name" = odradek ] || start_zookeeper "$folder/zk"
        start_broker "$name" "$folder" "$port"
        await_broker "$name" "$folder" "$port"
        empty=$(heap_mb)
        coproc LOAD { load commit; }
        client=$LOAD_PID
        read -r _ <&"${LOAD[0]}" || failed "$name"
        before=$(ticks)
        read -r rate <&"${LOAD[0]}" || failed "$name"
        after=$(ticks)
        wait "$client" 2>/dev/null || true
        kill "$pid" && wait "$pid" 2>/dev/null || true
        coproc LOAD { load await; }
        client=$LOAD_PID
        read -r _ <&"${LOAD[0]}" || failed "$name"
        start_broker "$name" "$folder" "$port"
        echo go >&"${LOAD[1]}"
        read -r restart <&"${LOAD[0]}" || failed "$name"
        restarted=$(ticks)
        wait "$client" 2>/dev/null || true
        full=$(heap_mb)
        echo "$name $rate $((after - before)) $restart $restarted $empty $full" | awk -v hz="$(getconf CLK_TCK)" \
            -v n=$((groups * commits)) \
            '{printf "%s %s %.3f %s %.2f %s %s\n", $1, $2, $3 / hz / n * 1000, $4, $5 / hz, $6, $7}' >>"$results"
        tail -n 1 "$results" >&2
        stop_all
        rm -rf "$folder"
    done
done

cell() { awk -v n="$1" -v c="$2" '$1 == n {print $c}' "$results" | median; }
printf '\n%s rounds, medians; %s groups with %s partitions each, %s commits of each\n' \
    "$rounds" "$groups" "$partitions" "$commits"
tell_machine
printf '%-36s%14s%14s%8s\n' '' odradek kafka-3.9.2 ratio
row() {
    local a b
    a=$(cell odradek "$2") b=$(cell kafka-3.9.2 "$2")
    printf '%-36s%14s%14s%8s\n' "$1" "$a" "$b" "$(echo "$a $b" | awk '{if ($2 > 0) printf "%.2f", $1 / $2; else print "-"}')"
}
row 'commits/s' 2
row 'CPU ms/commit' 3
row 'restart until all told, ms' 4
row 'restart until all told, CPU s' 5
row 'heap before, MB' 6
row 'heap after the restart, MB' 7
