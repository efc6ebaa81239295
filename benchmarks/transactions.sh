#!/usr/bin/env bash
# What transactions cost: this broker beside Apache Kafka 3.9.2 (ZooKeeper mode), with the same client (3.9.2), and this
# broker with a client of 4.4.0, which speaks transactions v2.
set -euo pipefail

usage() {
    cat <<'HELP'
usage: benchmarks/transactions.sh [--rounds N] [--seconds N] [--warm-up N] [--producers N] [--partitions LIST]
                                  [--rates LIST] [--records N] [--record-size BYTES] [--variants LIST]

Each producer writes one transaction after the other: begin, the records in turn over the partitions, flush, commit. Each
round starts each variant on an empty folder and runs every combination of partitions and rates. A commit is timed from
the call to its return, a transaction from when it was due. CPU is the broker process's own, user and system, from /proc,
for each committed transaction after warming up; "w/o JIT" leaves the compiler threads out. The last column is this
broker's figure divided by that of Kafka 3.9.2, where both ran; CPU of a busy machine is dearer, so compare within a run.

  --rounds N            rounds, interleaved over the variants (default 3); the table shows medians
  --seconds N           seconds of each combination that count (default 20)
  --warm-up N           seconds before that, of 200 transactions a second at most (default 10)
  --producers N         producers, each with a transactional id of its own (default 4)
  --partitions LIST     partitions of the topic, all of which are in each transaction (default 1,10)
  --rates LIST          transactions a second of all producers together; max is as fast as they can (default 50,max)
  --records N           records a transaction (default 100)
  --record-size BYTES   bytes a record (default 1024)
  --variants LIST       of odradek,kafka-3.9.2,odradek-v2 (default: all three)

examples:
  benchmarks/transactions.sh
  benchmarks/transactions.sh --rounds 1 --variants odradek,kafka-3.9.2 --partitions 1 --rates max
HELP
}

rounds=3 seconds=20 warm_up=10 producers=4 partition_counts=1,10 rates=50,max records=100 size=1024
variants=odradek,kafka-3.9.2,odradek-v2
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2; shift 2 ;;
        --seconds) seconds=$2; shift 2 ;;
        --warm-up) warm_up=$2; shift 2 ;;
        --producers) producers=$2; shift 2 ;;
        --partitions) partition_counts=$2; shift 2 ;;
        --rates) rates=$2; shift 2 ;;
        --records) records=$2; shift 2 ;;
        --record-size) size=$2; shift 2 ;;
        --variants) variants=$2; shift 2 ;;
        -h | --help) usage; exit 0 ;;
        *) echo "$0: unknown option $1" >&2; usage >&2; exit 2 ;;
    esac
done

root=$(cd "$(dirname "$0")/.." && pwd)
work=$root/benchmarks/target/transactions
. "$root/benchmarks/brokers.sh"
data=$work/data
rm -rf "$data" && mkdir -p "$data"
results=$work/results.tsv
: >"$results"

prepare_tools
clients4=
case ,$variants, in *,odradek-v2,*) clients4=$("$peers/classpath.sh" 4.4.0 "$work") ;; esac
trap stop_all EXIT

start_variant() { # variant folder port
    local one=(transaction.state.log.replication.factor=1 transaction.state.log.min.isr=1)
    case $1 in
        kafka-3.9.2)
            start_zookeeper "$2"
            start_broker kafka-3.9.2 "$2" "$3" "${one[@]}" ;;
        *) start_broker odradek "$2" "$3" "${one[@]}" ;;
    esac
}

load() { # variant port partitions rate
    local jvm=("${client_jvm[@]}") before after out client
    [ "$1" != odradek-v2 ] || jvm=(-Xmx512M -cp "$root/benchmarks/target/classes:$clients4")
    coproc LOAD { "$java" "${jvm[@]}" io.odradek.benchmarks.TransactionLoad "127.0.0.1:$2" "bench-$3-$4" "$3" \
        "$producers" "$records" "$size" "${4/max/0}" "$warm_up" "$seconds" 2>>"$data/client.err"; }
    client=$LOAD_PID
    # It says when it is warm, and what it has measured at the end.
    read -r _ <&"${LOAD[0]}" || { tail -n 20 "$data/client.err" >&2; exit 1; }
    before=$(cpu_ticks "$pid")
    read -r out <&"${LOAD[0]}" || { tail -n 20 "$data/client.err" >&2; exit 1; }
    after=$(cpu_ticks "$pid")
    wait "$client" 2>/dev/null || true
    echo "$1 $3 $4 $out $before $after" | awk -v hz="$(getconf CLK_TCK)" '{
        all = ($12 - $10) / hz * 1000; jit = ($13 - $11) / hz * 1000
        printf "%s %s %s %s %s %s %s %s %.3f %.3f\n", $1, $2, $3, $4, $5, $6, $7, $8, all / $9, (all - jit) / $9}' \
        >>"$results"
    tail -n 1 "$results" >&2
}

run_rounds "$partition_counts" "$rates"

printf '\n%s rounds of %s s, medians; %s producers, transactions of %s records of %s bytes\n' \
    "$rounds" "$seconds" "$producers" "$records" "$size"
tell_machine
row() { # label partitions rate column
    printf '%-46s' "$1"
    for variant in ${variants//,/ }; do printf '%14s' "$(median_of "$variant" "$2" "$3" "$4")"; done
    [ "$compared" = false ] || printf '%14s' "$(echo "$(median_of odradek "$2" "$3" "$4") $(median_of kafka-3.9.2 "$2" "$3" "$4")" |
        awk '{if ($2 > 0) printf "%.2f", $1 / $2; else print "-"}')"
    printf '\n'
}
case ,$variants, in
    *,odradek,*kafka-3.9.2,* | *,kafka-3.9.2,*odradek,*) compared=true ;;
    *) compared=false ;;
esac
printf '%-46s' ''
for variant in ${variants//,/ }; do printf '%14s' "$variant"; done
[ "$compared" = false ] || printf '%14s' ratio
printf '\n'
for partitions in ${partition_counts//,/ }; do
    for rate in ${rates//,/ }; do
        row "$partitions partition(s), $rate/s: commits/s" "$partitions" "$rate" 4
        row '  commit p50, ms' "$partitions" "$rate" 5
        row '  commit p99, ms' "$partitions" "$rate" 6
        row '  commit p99.9, ms' "$partitions" "$rate" 7
        row '  transaction p99, ms' "$partitions" "$rate" 8
        row '  CPU ms/transaction' "$partitions" "$rate" 9
        row '  CPU ms/transaction w/o JIT' "$partitions" "$rate" 10
    done
done
