#!/usr/bin/env bash
# What it costs to be told only what is on the disk: this broker with log.flush.policy=commit and with its default, beside
# Apache Kafka 3.9.2 with log.flush.interval.messages=1 and with its default.
set -euo pipefail

usage() {
    cat <<'EOF'
usage: benchmarks/commit.sh [--rounds N] [--seconds N] [--warm-up N] [--producers N] [--partitions LIST] [--acks LIST]
                            [--record-size BYTES] [--variants LIST] [--data FOLDER]

Each producer sends a record, waits for its acknowledgement, and sends the next; every record is a request. Each round
starts each variant on an empty folder and runs every combination of partitions and acks. CPU is the broker process's
own, user and system, from /proc, without its compiler threads, for 1,000 acknowledged records, warming up included.

  --rounds N            rounds, interleaved over the variants (default 3); the table shows medians
  --seconds N           seconds of each combination that count (default 15)
  --warm-up N           seconds before that (default 10)
  --producers N         producers (default 16)
  --partitions LIST     partitions of the topic (default 1,16)
  --acks LIST           of 0, 1, all (default 1,all)
  --record-size BYTES   bytes a record (default 1024)
  --variants LIST       of odradek-commit,odradek-default,kafka-flush-1,kafka-default (default: all four)
  --data FOLDER         where the brokers keep their data; must be on a real disk (default: benchmarks/target/commit)
EOF
}

rounds=3 seconds=15 warm_up=10 producers=16 partition_counts=1,16 acks_list=1,all size=1024 data=
variants=odradek-commit,odradek-default,kafka-flush-1,kafka-default
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2; shift 2 ;;
        --seconds) seconds=$2; shift 2 ;;
        --warm-up) warm_up=$2; shift 2 ;;
        --producers) producers=$2; shift 2 ;;
        --partitions) partition_counts=$2; shift 2 ;;
        --acks) acks_list=$2; shift 2 ;;
        --record-size) size=$2; shift 2 ;;
        --variants) variants=$2; shift 2 ;;
        --data) data=$2; shift 2 ;;
        -h | --help) usage; exit 0 ;;
        *) echo "$0: unknown option $1" >&2; usage >&2; exit 2 ;;
    esac
done

root=$(cd "$(dirname "$0")/.." && pwd)
work=$root/benchmarks/target/commit
. "$root/benchmarks/brokers.sh"
data=${data:-$work}/data
rm -rf "$data" && mkdir -p "$data"
kind=$(stat -f -c %T "$data")
case $kind in
    tmpfs | ramfs) echo "$0: $data is on $kind, which forces nothing to a disk; name a folder with --data" >&2; exit 2 ;;
esac

prepare_tools
trap stop_all EXIT
results=$work/results.tsv
: >"$results"

start_variant() { # variant folder port
    case $1 in
        odradek-commit) start_broker odradek "$2" "$3" log.flush.policy=commit ;;
        odradek-default) start_broker odradek "$2" "$3" ;;
        kafka-flush-1 | kafka-default)
            start_zookeeper "$2"
            if [ "$1" = kafka-flush-1 ]; then
                start_broker kafka-3.9.2 "$2" "$3" log.flush.interval.messages=1
            else
                start_broker kafka-3.9.2 "$2" "$3"
            fi ;;
    esac
}

load() { # variant port partitions acks
    local before after out
    before=$(cpu_ticks "$pid")
    out=$("$java" "${client_jvm[@]}" io.odradek.benchmarks.CommitLoad "127.0.0.1:$2" "bench-$3" "$3" "$producers" "$4" \
        "$size" "$warm_up" "$seconds" 2>>"$data/client.err") || { tail -n 20 "$data/client.err" >&2; exit 1; }
    after=$(cpu_ticks "$pid")
    echo "$1 $3 $4 $out $before $after" | awk -v hz="$(getconf CLK_TCK)" \
        '{printf "%s %s %s %s %s %s %.0f\n", $1, $2, $3, $4, $6, $7, ($11 - $9 - $12 + $10) / hz * 1e6 / $8}' >>"$results"
    tail -n 1 "$results" >&2
}

run_rounds "$partition_counts" "$acks_list"

printf '\n%s rounds of %s s, medians; %s producers, one record of %s bytes a request; data on %s\n' \
    "$rounds" "$seconds" "$producers" "$size" "$kind"
tell_machine
printf '%-10s %-5s %-16s %12s %10s %12s %18s %18s\n' partitions acks variant records/s 'p99, ms' 'p99.9, ms' \
    'CPU ms/1000 rec.' 'x kafka-flush-1'
for partitions in ${partition_counts//,/ }; do
    for acks in ${acks_list//,/ }; do
        base=$(median_of kafka-flush-1 "$partitions" "$acks" 4)
        for variant in ${variants//,/ }; do
            rate=$(median_of "$variant" "$partitions" "$acks" 4)
            printf '%-10s %-5s %-16s %12s %10s %12s %18s %18s\n' "$partitions" "$acks" "$variant" "$rate" \
                "$(median_of "$variant" "$partitions" "$acks" 5)" "$(median_of "$variant" "$partitions" "$acks" 6)" \
                "$(median_of "$variant" "$partitions" "$acks" 7)" \
                "$(echo "$rate ${base:-0}" | awk '{if ($2 > 0) printf "%.2f", $1 / $2; else print "-"}')"
        done
    done
done
