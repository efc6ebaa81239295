#!/usr/bin/env bash
# What clients of before Kafka 0.11 cost a broker that keeps today's batches: this broker beside Apache Kafka 3.9.2 (ZooKeeper
# mode).
set -euo pipefail

usage() {
    cat <<'HELP'
usage: benchmarks/old-clients.sh [--rounds N] [--seconds N] [--warm-up N] [--clients N] [--record-size BYTES]
                                 [--codecs LIST] [--work LIST] [--partition-mib N] [--variants LIST]

Each round starts each variant on an empty folder, fills a topic of each codec with batches, and has clients read and write
as fast as they can, each a partition of its own: by Fetch 1 (messages of magic 0), Fetch 3 (magic 1) and Fetch 4 (batches,
which nobody converts), by Produce 2 (message sets of magic 1) and Produce 3 (batches). MB/s are those of the records'
values. CPU is the broker process's own, user and system, from /proc, for each GiB of values after warming up; "w/o JIT"
leaves the compiler threads out. The memory is the most that was resident until then, in the order of --work. The last
column is this broker's figure divided by Kafka's; CPU of a busy machine is dearer, so compare within a run.

  --rounds N            rounds, interleaved over the variants (default 3); the table shows medians
  --seconds N           seconds of each combination that count (default 10)
  --warm-up N           seconds before that (default 5)
  --clients N           connections, each with its partition (default 4)
  --record-size BYTES   bytes of a record's value (default 200); a batch has 64 KiB before compression
  --codecs LIST         of none,gzip,snappy,lz4 (default none,lz4)
  --work LIST           of fetch-0 to fetch-4, produce-0 to produce-8
                        (default fetch-4,fetch-1,fetch-3,produce-3,produce-2)
  --partition-mib N     MiB of values in each partition that is read (default 64)
  --variants LIST       of odradek,kafka-3.9.2 (default: both)

examples:
  benchmarks/old-clients.sh
  benchmarks/old-clients.sh --rounds 1 --codecs gzip --work fetch-1,produce-2
HELP
}

rounds=3 seconds=10 warm_up=5 clients=4 size=200 codecs=none,lz4 mib=64
works=fetch-4,fetch-1,fetch-3,produce-3,produce-2 variants=odradek,kafka-3.9.2
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2; shift 2 ;;
        --seconds) seconds=$2; shift 2 ;;
        --warm-up) warm_up=$2; shift 2 ;;
        --clients) clients=$2; shift 2 ;;
        --record-size) size=$2; shift 2 ;;
        --codecs) codecs=$2; shift 2 ;;
        --work) works=$2; shift 2 ;;
        --partition-mib) mib=$2; shift 2 ;;
        --variants) variants=$2; shift 2 ;;
        -h | --help) usage; exit 0 ;;
        *) echo "$0: unknown option $1" >&2; usage >&2; exit 2 ;;
    esac
done

root=$(cd "$(dirname "$0")/.." && pwd)
work=$root/benchmarks/target/old-clients
. "$root/benchmarks/brokers.sh"
data=$work/data
rm -rf "$data" && mkdir -p "$data"
results=$work/results.tsv
: >"$results"

prepare_tools
protocol=$(echo "$root"/broker-server/target/dist/lib/broker-protocol-*.jar)
jvm=(-Xmx512M -Dlog4j.configuration="file:$work/log4j.properties" -cp "$root/benchmarks/target/classes:$protocol:$tools")
trap stop_all EXIT

start_variant() { # variant folder port
    [ "$1" != kafka-3.9.2 ] || start_zookeeper "$2"
    # The records are years old.
    start_broker "$1" "$2" "$3" log.retention.ms=-1
    filled=
}

load() { # variant port work codec
    local before after out client mode=${3%-*} version=${3#*-}
    case ,$filled, in
        *,$4,*) ;;
        *)
            "$java" "${jvm[@]}" io.odradek.benchmarks.OldClientLoad fill "127.0.0.1:$2" 3 "$4" "$clients" "$size" "$mib" \
                2>>"$data/client.err"
            filled=$filled,$4 ;;
    esac
    coproc LOAD { "$java" "${jvm[@]}" io.odradek.benchmarks.OldClientLoad "$mode" "127.0.0.1:$2" "$version" "$4" "$clients" \
        "$size" "$warm_up" "$seconds" 2>>"$data/client.err"; }
    client=$LOAD_PID
    # It says when it is warm, and what it has measured at the end.
    read -r _ <&"${LOAD[0]}" || { tail -n 20 "$data/client.err" >&2; exit 1; }
    before=$(cpu_ticks "$pid")
    read -r out <&"${LOAD[0]}" || { tail -n 20 "$data/client.err" >&2; exit 1; }
    after=$(cpu_ticks "$pid")
    wait "$client" 2>/dev/null || true
    echo "$1 $3 $4 $out $before $after $(awk '/VmHWM/ {print int($2 / 1024)}' "/proc/$pid/status")" |
        awk -v hz="$(getconf CLK_TCK)" '{
        all = ($8 - $6) / hz; jit = ($9 - $7) / hz; gib = $5 / 1024
        printf "%s %s %s %s %.2f %.2f %s\n", $1, $2, $3, $4, all / gib, (all - jit) / gib, $10}' >>"$results"
    tail -n 1 "$results" >&2
}

run_rounds "$works" "$codecs"

printf '\n%s rounds of %s s, medians; %s clients, records of %s bytes, %s MiB a partition\n' \
    "$rounds" "$seconds" "$clients" "$size" "$mib"
tell_machine
row() { # label work codec column
    printf '%-34s' "$1"
    for variant in ${variants//,/ }; do printf '%14s' "$(median_of "$variant" "$2" "$3" "$4")"; done
    [ "$compared" = false ] || printf '%14s' "$(echo "$(median_of odradek "$2" "$3" "$4") $(median_of kafka-3.9.2 "$2" "$3" "$4")" |
        awk '{if ($2 > 0) printf "%.2f", $1 / $2; else print "-"}')"
    printf '\n'
}
case ,$variants, in
    *,odradek,*kafka-3.9.2,* | *,kafka-3.9.2,*odradek,*) compared=true ;;
    *) compared=false ;;
esac
printf '%-34s' ''
for variant in ${variants//,/ }; do printf '%14s' "$variant"; done
[ "$compared" = false ] || printf '%14s' ratio
printf '\n'
for one in ${works//,/ }; do
    for codec in ${codecs//,/ }; do
        row "$one, $codec: MB/s" "$one" "$codec" 4
        row '  CPU s/GiB' "$one" "$codec" 5
        row '  CPU s/GiB w/o JIT' "$one" "$codec" 6
        row '  peak resident memory, MiB' "$one" "$codec" 7
    done
done
