#!/usr/bin/env bash
# How long a group takes until it is stable again, this broker beside Apache Kafka 3.9.2 (ZooKeeper mode), with the same client
# (3.9.2).
set -euo pipefail

usage() {
    cat <<'HELP'
usage: benchmarks/rebalance.sh [--rounds N] [--times N] [--members N] [--partitions N] [--session MS] [--assignors LIST]

Each round starts each broker on an empty folder and has a group form, a member join it, leave it, and die without a word, and
a static member restart; again and again with each assignor. The time is until all members are in one generation and own all
partitions; medians over all rounds. A death takes at least the session time-out. Neither broker waits for more members before a
group's first generation. CPU is the broker process's own. The last column is this broker's figure divided by Kafka's.

  --rounds N         rounds, interleaved over the brokers (default 3)
  --times N          how often each event is measured in a round, with each assignor (default 5)
  --members N        members (default 10)
  --partitions N     partitions of the topic (default 60)
  --session MS       session time-out of the members (default 1000)
  --assignors LIST   (default RangeAssignor,CooperativeStickyAssignor)

examples:
  benchmarks/rebalance.sh
  benchmarks/rebalance.sh --rounds 1 --assignors StickyAssignor --members 30
HELP
}

rounds=3 times=5 members=10 partitions=60 session=1000 assignors=RangeAssignor,CooperativeStickyAssignor
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2; shift 2 ;;
        --times) times=$2; shift 2 ;;
        --members) members=$2; shift 2 ;;
        --partitions) partitions=$2; shift 2 ;;
        --session) session=$2; shift 2 ;;
        --assignors) assignors=$2; shift 2 ;;
        -h | --help) usage; exit 0 ;;
        *) echo "$0: unknown option $1" >&2; usage >&2; exit 2 ;;
    esac
done

root=$(cd "$(dirname "$0")/.." && pwd)
work=$root/benchmarks/target/rebalance
. "$root/benchmarks/brokers.sh"
data=$work/data
rm -rf "$data" && mkdir -p "$data"
results=$work/results.tsv
: >"$results"
prepare_tools
trap stop_all EXIT

for round in $(seq 1 "$rounds"); do
    for name in odradek kafka-3.9.2; do
        echo "round $round of $rounds: $name" >&2
        folder=$data/$name-$round
        mkdir -p "$folder"
        port=$(free_port)
        [ "$name" = odradek ] || start_zookeeper "$folder/zk"
        start_broker "$name" "$folder" "$port" group.initial.rebalance.delay.ms=0 group.min.session.timeout.ms=500
        await_broker "$name" "$folder" "$port"
        before=$(cpu_ticks "$pid" | cut -d' ' -f1)
        "$java" "${client_jvm[@]}" io.odradek.benchmarks.RebalanceLoad "127.0.0.1:$port" "$members" "$partitions" "$times" \
            "$session" ${assignors//,/ } 2>>"$data/client.err" | sed "s/^/$name /" >>"$results" ||
            { echo "$0: the client of $name failed:" >&2; tail -n 20 "$data/client.err" >&2; exit 1; }
        after=$(cpu_ticks "$pid" | cut -d' ' -f1)
        echo "$name all CPU $(((after - before) * 1000 / $(getconf CLK_TCK)))" >>"$results"
        stop_all
        rm -rf "$folder"
    done
done

cell() { awk -v n="$1" -v a="$2" -v e="$3" '$1 == n && $2 == a && $3 == e {print $4}' "$results" | median; }
printf '\n%s rounds, medians; %s members, %s partitions, sessions of %s ms\n' "$rounds" "$members" "$partitions" "$session"
tell_machine
printf '%-44s%12s%14s%8s\n' 'ms until stable' odradek kafka-3.9.2 ratio
row() { # label assignor event
    local a b
    a=$(cell odradek "$2" "$3") b=$(cell kafka-3.9.2 "$2" "$3")
    printf '%-44s%12s%14s%8s\n' "$1" "$a" "$b" "$(echo "$a $b" | awk '{if ($2 > 0) printf "%.2f", $1 / $2; else print "-"}')"
}
for assignor in ${assignors//,/ }; do
    for event in form join leave death static-restart; do row "$assignor, $event" "$assignor" "$event"; done
done
row 'CPU ms of the broker, a round' all CPU
