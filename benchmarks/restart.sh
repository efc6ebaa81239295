#!/usr/bin/env bash
# Restarts this broker and Apache Kafka 3.9.2 (ZooKeeper mode) on copies of the same log folder, and prints how long each
# takes until every partition has a leader.
set -euo pipefail

usage() {
    cat <<'EOT'
usage: benchmarks/restart.sh [--rounds N] [--shapes LIST] [--recovery-threads N]

Kafka writes a topic of PARTITIONS x SEGMENTS segments of BYTES bytes. Its folder is then restarted from: after SIGTERM
(clean), after SIGTERM with all index files deleted (no-index), and after SIGKILL right after writing (killed). Milliseconds
from the start of the process until a client sees a leader for every partition, and the CPU seconds of the process until
then; medians; the last column is this broker's figure divided by Kafka's.

  --rounds N             rounds, interleaved over the brokers (default 3)
  --shapes LIST          PARTITIONSxSEGMENTSxBYTES,... (default 2000x3x32768,200x10x262144)
  --recovery-threads N   num.recovery.threads.per.data.dir of both (default 1, as both have it)

examples:
  benchmarks/restart.sh
  benchmarks/restart.sh --rounds 1 --shapes 200x10x262144
EOT
}

rounds=3 shapes=2000x3x32768,200x10x262144 threads=1
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2; shift 2 ;;
        --shapes) shapes=$2; shift 2 ;;
        --recovery-threads) threads=$2; shift 2 ;;
        -h | --help) usage; exit 0 ;;
        *) echo "$0: unknown option $1" >&2; usage >&2; exit 2 ;;
    esac
done

root=$(cd "$(dirname "$0")/.." && pwd)
work=$root/benchmarks/target/restart
. "$root/benchmarks/brokers.sh"
rm -rf "$work/data" && mkdir -p "$work/data"
results=$work/results.tsv
: >"$results"
prepare_tools
trap stop_all EXIT

settings=("num.recovery.threads.per.data.dir=$threads" auto.create.topics.enable=false)
kafka_settings=(zookeeper.session.timeout.ms=6000)

end_broker() { # signal: ends the broker whose process is $pid
    kill "-$1" "$pid"
    wait "$pid" 2>/dev/null || true
    unset 'started[-1]'
}

# Kafka refuses to start while the session of a predecessor that was killed still lives.
await_no_session() {
    until [ -z "$("$java" "${client_jvm[@]}" org.apache.zookeeper.ZooKeeperMain -server "127.0.0.1:$zk_port" \
        ls /brokers/ids 2>/dev/null | grep '^\[.*0.*\]' || true)" ]; do sleep 0.5; done
}

timed_start() { # name folder port partitions: sets start_ms, cpu_seconds, pid
    local probe
    coproc PROBE { "$java" "${client_jvm[@]}" io.odradek.benchmarks.LeadersProbe "127.0.0.1:$3" bench "$4" 2>"$2/probe.err"; }
    probe=$PROBE_PID
    read -r _ <&"${PROBE[0]}"
    echo go >&"${PROBE[1]}"
    if [ "$1" = odradek ]; then
        start_broker "$1" "$2" "$3" "${settings[@]}"
    else
        start_broker "$1" "$2" "$3" "${settings[@]}" "${kafka_settings[@]}"
    fi
    read -r start_ms <&"${PROBE[0]}" || {
        echo "$0: $1 did not come up; it said:" >&2
        tail -n 20 "$2/broker.out" >&2
        exit 1
    }
    cpu_seconds=$(cpu_ticks "$pid" | awk -v hz="$(getconf CLK_TCK)" '{printf "%.2f", $1 / hz}')
    wait "$probe" 2>/dev/null || true
}

for shape in ${shapes//,/ }; do
    IFS=x read -r partitions segments bytes <<<"$shape"
    folder=$work/data/$shape
    port=$(free_port)
    echo "$shape: Kafka writes the folder" >&2
    start_zookeeper "$folder/zk"
    zk_pid=${started[-1]}
    mkdir -p "$folder/kafka"
    timed_start kafka-3.9.2 "$folder/kafka" "$port" 0
    "$java" "${client_jvm[@]}" io.odradek.benchmarks.FolderFiller "127.0.0.1:$port" bench "$partitions" "$segments" "$bytes"
    end_broker KILL
    cp -a "$folder/kafka/data" "$folder/killed"
    await_no_session
    timed_start kafka-3.9.2 "$folder/kafka" "$port" "$partitions"
    end_broker TERM
    mv "$folder/kafka/data" "$folder/clean"
    cp -a "$folder/clean" "$folder/no-index"
    find "$folder/no-index" -type f -name '*index' -delete
    # What a broker of ours knows of the topics after its first start, as Kafka's does from ZooKeeper.
    mkdir -p "$folder/odradek"
    cp -a "$folder/clean" "$folder/odradek/data"
    timed_start odradek "$folder/odradek" "$port" "$partitions"
    end_broker TERM
    for state in clean killed no-index; do cp -a "$folder/odradek/data/coordination.journal" "$folder/$state/"; done
    for round in $(seq 1 "$rounds"); do
        for state in clean killed no-index; do
            for name in odradek kafka-3.9.2; do
                echo "$shape, round $round of $rounds: $name, $state" >&2
                rm -rf "$folder/run"
                mkdir -p "$folder/run"
                cp -a "$folder/$state" "$folder/run/data"
                sync
                timed_start "$name" "$folder/run" "$port" "$partitions"
                echo "$shape $state $name $start_ms $cpu_seconds" >>"$results"
                end_broker TERM
            done
        done
    done
    kill "$zk_pid" && wait "$zk_pid" 2>/dev/null || true
    rm -rf "$folder"
done

cell() { awk -v s="$1" -v t="$2" -v n="$3" '$1 == s && $2 == t && $3 == n' "$results" | cut -d' ' -f"$4" | median; }
ratio() { echo "$1 $2" | awk '{if ($2 > 0) printf "%.2f", $1 / $2; else print "-"}'; }
printf '\n%s rounds, medians; %s recovery thread(s) a folder\n' "$rounds" "$threads"
tell_machine
printf '%-18s%-10s%14s%14s%8s%14s%14s%8s\n' shape state 'odradek, ms' 'kafka, ms' ratio 'odradek, CPU s' 'kafka, CPU s' ratio
for shape in ${shapes//,/ }; do
    for state in clean killed no-index; do
        a=$(cell "$shape" "$state" odradek 4) b=$(cell "$shape" "$state" kafka-3.9.2 4)
        c=$(cell "$shape" "$state" odradek 5) d=$(cell "$shape" "$state" kafka-3.9.2 5)
        printf '%-18s%-10s%14s%14s%8s%14s%14s%8s\n' "$shape" "$state" "$a" "$b" "$(ratio "$a" "$b")" "$c" "$d" "$(ratio "$c" "$d")"
    done
done
