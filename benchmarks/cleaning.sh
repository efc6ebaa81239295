#!/usr/bin/env bash
# Cleans the same compacted partition with this broker and with Apache Kafka 3.9.2 (ZooKeeper mode), while it is written and
# read, and prints how fast that was and what it took.
set -euo pipefail

usage() {
    cat <<'EOT'
usage: benchmarks/cleaning.sh [--records N] [--keys N] [--segment-bytes N] [--rounds N] [--heap SIZE]

Kafka writes RECORDS records of 100 bytes over KEYS keys to a compacted partition, with its cleaner off. Each broker then
gets a copy of the folder and cleans it, with one cleaner thread, a dedupe buffer of 128 MiB and no throttle, while a client
writes 5,000 records a second and reads the partition from its beginning again and again. Printed, as medians: the rate and
time of the cleaning as the broker's log has them, the CPU seconds of the process meanwhile (all of it, writing and reading
too), the records left below the cleaner's checkpoint (each key once, or the script fails), and the heap: the most that was
in use when sampled, garbage and all, and the most that was live after a collection, both less what was live before (of
Kafka's the dedupe buffer is a part: it is allocated at the start).

  --records N        records (default 5000000)
  --keys N           keys (default 500000)
  --segment-bytes N  segment.bytes (default 33554432)
  --rounds N         rounds, interleaved (default 3)
  --heap SIZE        -Xmx of this broker (default 192M; Kafka has its 1G)

examples:
  benchmarks/cleaning.sh
  benchmarks/cleaning.sh --records 500000 --keys 50000 --segment-bytes 8388608 --rounds 1
EOT
}

records=5000000 keys=500000 segment_bytes=33554432 rounds=3 heap=192M
while [ $# -gt 0 ]; do
    case $1 in
        --records) records=$2; shift 2 ;;
        --keys) keys=$2; shift 2 ;;
        --segment-bytes) segment_bytes=$2; shift 2 ;;
        --rounds) rounds=$2; shift 2 ;;
        --heap) heap=$2; shift 2 ;;
        -h | --help) usage; exit 0 ;;
        *) echo "$0: unknown option $1" >&2; usage >&2; exit 2 ;;
    esac
done

root=$(cd "$(dirname "$0")/.." && pwd)
work=$root/benchmarks/target/cleaning
. "$root/benchmarks/brokers.sh"
rm -rf "$work" && mkdir -p "$work"
results=$work/results.tsv
: >"$results"
prepare_tools
echo 'log4j.logger.kafka.log.LogCleaner=INFO' >>"$work/log4j.properties"
mkdir -p "$work/run"
kafka_jvm+=("-Xlog:gc:file=$work/run/gc.log")
trap stop_all EXIT
jdk=$(dirname "$(readlink -f "$(command -v "$java")")")

common=(auto.create.topics.enable=false log.cleanup.policy=compact "log.segment.bytes=$segment_bytes"
    log.cleaner.threads=1 log.cleaner.dedupe.buffer.size=134217728 log.cleaner.min.cleanable.ratio=1
    log.cleaner.backoff.ms=2000)

end_broker() { # signal
    kill "-$1" "$pid"
    wait "$pid" 2>/dev/null || true
    unset 'started[-1]'
}

await() { # seconds, what, command...
    local limit=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        [ "$SECONDS" -lt "$limit" ] || { echo "$0: waited in vain for $what" >&2; exit 1; }
        kill -0 "$pid" 2>/dev/null || { echo "$0: the broker has ended; see $folder/broker.out" >&2; exit 1; }
        sleep 0.5
    done
}

serves() { # the leader of the partition can be asked
    "$java" "${client_jvm[@]}" org.apache.kafka.tools.GetOffsetShell --bootstrap-server "127.0.0.1:$port" \
        --topic bench 2>/dev/null | grep -q '^bench:0:[0-9]'
}

# The first cleaning, in one line: MB/s, seconds.
first_cleaning() {
    case $name in
        odradek) grep -h 'Cleaned bench-0 ' "$folder"/logs/* 2>/dev/null | head -n 1 |
            sed -n 's|.*; \([0-9.]*\) s, \([0-9.]*\) MB/s.*|\2 \1|p' ;;
        *) sed -n 's|.*MB of log processed in \([0-9.,]*\) seconds (\([0-9.,]*\) MB/sec).*|\2 \1|p' "$folder/broker.out" |
            head -n 1 ;;
    esac | tr -d ,
}
is_cleaned() { [ -n "$(first_cleaning)" ]; }
checkpoint() { sed -n 's/^bench 0 //p' "$folder/data/cleaner-offset-checkpoint" 2>/dev/null; }
# Whether nothing was cleaned in some seconds; more than the cleaner's back-off.
is_quiet() {
    local before
    before=$(checkpoint)
    sleep 6
    [ "$before" = "$(checkpoint)" ]
}

live_heap_kb() { # collects first
    "$jdk/jcmd" "$pid" GC.run >/dev/null
    "$jdk/jstat" -gc "$pid" | used_kb
}
used_kb() { # used columns by their names, as collectors differ
    awk 'NR == 1 {for (i = 1; i <= NF; i++) if ($i ~ /^(S0U|S1U|EU|OU)$/) use[i] = 1}
         NR > 1 {sum = 0; for (i in use) sum += $i; if (sum > most) most = sum} END {printf "%d", most}'
}
live_kb_after_gc() { # the most that was left by any collection in the log
    sed -n 's/.*->\([0-9]*\)M([0-9]*M).*/\1/p' "$1" | sort -n | tail -n 1 | awk '{print $1 * 1024}'
}

measure() { # round: with name, folder, port set
    local settings=("${common[@]}") idle jstat_pid ticks before load mbs seconds peak live left written read
    [ "$name" = odradek ] || settings+=(zookeeper.session.timeout.ms=6000)
    # The cleaner begins with the load, not with the start: until then no log counts as dirty enough.
    BROKER_HEAP_OPTS="-Xmx$heap -Xms64M" BROKER_OPTS="-Xlog:gc:file=$folder/gc.log" \
        start_broker "$name" "$folder" "$port" "${settings[@]}" log.cleaner.enable=true
    await 120 "$name" serves
    idle=$(live_heap_kb)
    before=$(cpu_ticks "$pid" | cut -d' ' -f1)
    "$jdk/jstat" -gc "$pid" 200 >"$folder/jstat.txt" &
    jstat_pid=$!
    coproc LOAD { "$java" "${client_jvm[@]}" io.odradek.benchmarks.CompactionLoad run "127.0.0.1:$port" bench "$keys"; }
    load=$LOAD_PID
    exec 4>&"${LOAD[1]}" 5<&"${LOAD[0]}"
    await 600 "the first cleaning" is_cleaned
    ticks=$(($(cpu_ticks "$pid" | cut -d' ' -f1) - before))
    echo stop >&4
    exec 4>&-
    read -r written read <&5
    exec 5<&-
    wait "$load" 2>/dev/null || true
    kill "$jstat_pid" && wait "$jstat_pid" 2>/dev/null || true
    read -r mbs seconds <<<"$(first_cleaning)"
    peak=$(used_kb <"$folder/jstat.txt")
    live=$(live_kb_after_gc "$folder/gc.log")
    await 600 "the end of cleaning" is_quiet
    left=$("$java" "${client_jvm[@]}" io.odradek.benchmarks.CompactionLoad count "127.0.0.1:$port" bench "$keys" "$(checkpoint)")
    echo "$name $mbs $seconds $(echo "$ticks" | awk -v hz="$(getconf CLK_TCK)" '{printf "%.1f", $1 / hz}') $left $(((peak - idle) / 1024)) $(((live - idle) / 1024)) $written $read" |
        tee -a "$results" >&2
}

port=$(free_port)
folder=$work/fill name=kafka-3.9.2
start_zookeeper "$work/zk"
echo "Kafka writes $records records" >&2
start_broker kafka-3.9.2 "$folder" "$port" "${common[@]}" log.cleaner.enable=false zookeeper.session.timeout.ms=6000
await 120 Kafka "$java" "${client_jvm[@]}" io.odradek.benchmarks.CompactionLoad fill "127.0.0.1:$port" bench "$keys" "$records" "$segment_bytes"
end_broker TERM
await_no_session() {
    until [ -z "$("$java" "${client_jvm[@]}" org.apache.zookeeper.ZooKeeperMain -server "127.0.0.1:$zk_port" \
        ls /brokers/ids 2>/dev/null | grep '^\[.*0.*\]' || true)" ]; do sleep 0.5; done
}
mv "$folder/data" "$work/data"
for round in $(seq 1 "$rounds"); do
    for name in odradek kafka-3.9.2; do
        echo "round $round of $rounds: $name" >&2
        folder=$work/run
        rm -rf "$folder" && mkdir -p "$folder"
        cp -a "$work/data" "$folder/data"
        sync
        await_no_session
        measure
        end_broker TERM
    done
done

cell() { awk -v n="$1" '$1 == n' "$results" | cut -d' ' -f"$2" | median; }
printf '\n%s records of 100 bytes over %s keys, segments of %s bytes; %s rounds, medians\n' "$records" "$keys" "$segment_bytes" "$rounds"
tell_machine
printf '%-14s%10s%10s%10s%14s%26s%26s\n' broker MB/s seconds 'CPU s' 'records left' 'peak heap, MiB over idle' 'peak live, MiB over idle'
for name in odradek kafka-3.9.2; do
    printf '%-14s%10s%10s%10s%14s%26s%26s\n' "$name" "$(cell $name 2)" "$(cell $name 3)" "$(cell $name 4)" "$(cell $name 5)" \
        "$(cell $name 6)" "$(cell $name 7)"
done
