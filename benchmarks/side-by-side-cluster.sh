#!/usr/bin/env bash
# Runs three brokers of ours and three of Apache Kafka 3.9.2, each cluster with a ZooKeeper, one after the other on the
# same work, with Kafka's own ProducerPerformance and producer (3.9.2), and prints what each took.
set -euo pipefail

usage() {
    cat <<'EOT'
usage: benchmarks/side-by-side-cluster.sh [--rounds N] [--records N] [--record-size BYTES] [--partitions N]
                                          [--acks LIST] [--rates LIST] [--seconds N] [--warm-up N]
                                          [--clusters LIST] [--producer-props "k=v ..."]

Each round starts each cluster on empty folders. For each acks it creates a topic with three replicas of which two must be
in sync, and has it take in the records twice, as fast as they are taken (the first time it is cold). CPU is the three
brokers' own together, user and system, from /proc, until every replica has all records; "w/o JIT" leaves the compiler threads
out. ZooKeeper is not counted.
Then a producer with acks=all sends at fixed rates, which shows what the acknowledgement of a single batch takes. Its time is
counted from when the record was due, and not before the producer, in the same process, has warmed up: of a fresh one's first
20 seconds more than one record in a hundred waits for its own start. benchmarks/target/side-by-side-cluster/paced has the
single seconds, and how late the client was with what it sent, which is nobody's fault but the machine's.
The last column is our figure divided by Kafka's, where both ran; a busy machine makes all figures larger, so compare within a
run.

  --rounds N            rounds, interleaved over the clusters (default 3); the table shows medians
  --records N           records a pass (default 524288: 0.5 GiB)
  --record-size BYTES   bytes a record (default 1024)
  --partitions N        partitions of each topic (default 3)
  --acks LIST           of all,1,0 (default all,1)
  --rates LIST          records a second, one rate after the other; "" for none (default 5000,1000)
  --seconds N           how long each of them is measured (default 20)
  --warm-up N           seconds that it lasts before (default 10)
  --producer-props P    further producer settings (default "batch.size=65536")
  --clusters LIST       of odradek,kafka-3.9.2 (default: both)

examples:
  benchmarks/side-by-side-cluster.sh
  benchmarks/side-by-side-cluster.sh --rounds 1 --clusters kafka-3.9.2 --acks all
  benchmarks/side-by-side-cluster.sh --records 131072 --acks all --rates 100,1000 --seconds 60
EOT
}

rounds=3 records=524288 size=1024 partitions=3 acks_list=all,1 rates=5000,1000 seconds=20 warm_up=10
props="batch.size=65536" clusters=odradek,kafka-3.9.2
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2; shift 2 ;;
        --records) records=$2; shift 2 ;;
        --record-size) size=$2; shift 2 ;;
        --partitions) partitions=$2; shift 2 ;;
        --acks) acks_list=$2; shift 2 ;;
        --rates) rates=$2; shift 2 ;;
        --seconds) seconds=$2; shift 2 ;;
        --warm-up) warm_up=$2; shift 2 ;;
        --producer-props) props=$2; shift 2 ;;
        --clusters) clusters=$2; shift 2 ;;
        -h | --help) usage; exit 0 ;;
        *) echo "$0: unknown option $1" >&2; usage >&2; exit 2 ;;
    esac
done

root=$(cd "$(dirname "$0")/.." && pwd)
work=$root/benchmarks/target/side-by-side-cluster
. "$root/benchmarks/brokers.sh"
rm -rf "$work/data" "$work/paced" && mkdir -p "$work/data" "$work/paced"
results=$work/results.tsv
: >"$results"

prepare_tools
pids=()
trap stop_cluster EXIT

start_cluster() { # name folder: sets pids and servers
    local port id
    start_zookeeper "$2"
    pids=() servers=
    for id in 1 2 3; do
        port=$(free_port)
        start_broker "$1" "$2/$id" "$port" "broker.id=$id" "zookeeper.connect=127.0.0.1:$zk_port"
        pids+=("$pid")
        servers=$servers${servers:+,}127.0.0.1:$port
    done
}

# What they have stored is of no use any more, and a broker that is asked to stop looks for others to take over.
stop_cluster() {
    for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
    pids=()
    stop_all
}

replicated() { # topic: creates it if it is not there, and waits until all replicas are equal
    "$java" "${client_jvm[@]}" io.odradek.benchmarks.ReplicatedTopic "$servers" "$1" "$partitions" 3 2 \
        >>"$folder/client.out" 2>>"$folder/client.err" || {
        echo "$0: the replicas of $1 on $name did not become equal; the client, and the brokers, said:" >&2
        tail -n 5 "$folder/client.err" "$folder"/[123]/broker.out >&2
        exit 1
    }
}

produce() { # topic acks: prints MB/s and p99
    # shellcheck disable=SC2086
    "$java" "${client_jvm[@]}" org.apache.kafka.tools.ProducerPerformance --topic "$1" --num-records "$records" \
        --record-size "$size" --throughput -1 --producer-props "bootstrap.servers=$servers" "acks=$2" $props \
        2>>"$folder/client.err" | tail -n 1 | sed -E 's/.*\(([0-9.]+) MB\/sec\).* ([0-9]+) ms 99th.*/\1 \2/'
}

paced() { # rate: prints p50, p99, p99.9 and maximum
    # shellcheck disable=SC2086
    "$java" "${client_jvm[@]}" io.odradek.benchmarks.PacedLoad "$servers" paced all "$size" "$1" "$warm_up" "$seconds" $props \
        2>"$work/paced/$name-$round-$1" || {
        tail -n 5 "$work/paced/$name-$round-$1" >&2
        exit 1
    }
}

ticks() { # prints those of all brokers together
    for pid in "${pids[@]}"; do cpu_ticks "$pid"; done | awk '{all += $1; jit += $2} END {print all, jit}'
}

measured() { # topic acks: prints what produce does, then CPU and CPU without the compilers, in seconds per GiB
    local before after out
    before=$(ticks)
    out=$(produce "$1" "$2")
    replicated "$1"
    after=$(ticks)
    echo "$out $(echo "$before $after" | awk -v hz="$(getconf CLK_TCK)" -v gib="$gib" \
        '{all = $3 - $1; jit = $4 - $2; printf "%.2f %.2f", all / hz / gib, (all - jit) / hz / gib}')"
}

gib=$(echo "$records $size" | awk '{print $1 * $2 / 1073741824}')
for round in $(seq 1 "$rounds"); do
    for name in ${clusters//,/ }; do
        folder=$work/data/$name-$round
        mkdir -p "$folder"
        echo "round $round of $rounds: $name" >&2
        start_cluster "$name" "$folder"
        for acks in ${acks_list//,/ }; do
            replicated "bench-$acks"
            for pass in cold warm; do
                echo "$name $acks $pass $(measured "bench-$acks" "$acks")" | tee -a "$results" >&2
            done
        done
        [ -z "$rates" ] || replicated paced
        for rate in ${rates//,/ }; do
            out=$(paced "$rate")
            echo "$name all paced-$rate $out" | tee -a "$results" >&2
        done
        peak=$(for pid in "${pids[@]}"; do awk '/VmHWM/ {print $2}' "/proc/$pid/status"; done |
            awk '{sum += $1} END {print int(sum / 1024)}')
        echo "$name - peak $peak" >>"$results"
        stop_cluster
        rm -rf "$folder"/[123]/data
    done
done

compared=false
case ,$clusters, in *,odradek,*kafka-3.9.2,* | *,kafka-3.9.2,*odradek,*) compared=true ;; esac
cell() { # cluster acks pass column
    awk -v n="$1" -v a="$2" -v p="$3" '$1 == n && $2 == a && $3 == p' "$results" | cut -d' ' -f"$4" | median
}
row() { # label acks pass column
    printf '%-34s' "$1"
    for name in ${clusters//,/ }; do printf '%14s' "$(cell "$name" "$2" "$3" "$4")"; done
    [ "$compared" = false ] || printf '%14s' "$(echo "$(cell odradek "$2" "$3" "$4") $(cell kafka-3.9.2 "$2" "$3" "$4")" |
        awk '{if ($2 > 0) printf "%.2f", $1 / $2; else print "-"}')"
    printf '\n'
}
printf '\n%s rounds, medians; 3 brokers, 3 replicas, 2 in sync at least; %s records of %s bytes a pass, %s partitions, %s\n' \
    "$rounds" "$records" "$size" "$partitions" "$props"
tell_machine
printf '%-34s' ''
for name in ${clusters//,/ }; do printf '%14s' "$name"; done
[ "$compared" = false ] || printf '%14s' ratio
printf '\n'
for acks in ${acks_list//,/ }; do
    for pass in cold warm; do
        row "acks=$acks, $pass: MB/s" "$acks" "$pass" 4
        row '  latency p99, ms' "$acks" "$pass" 5
        row '  CPU s/GiB, three brokers' "$acks" "$pass" 6
        row '  CPU s/GiB w/o JIT' "$acks" "$pass" 7
    done
done
for rate in ${rates//,/ }; do
    row "acks=all, $rate records/s: p50, ms" all "paced-$rate" 4
    row '  p99, ms' all "paced-$rate" 5
    row '  p99.9, ms' all "paced-$rate" 6
done
row 'peak resident memory, MiB, together' - peak 4
