#!/usr/bin/env bash
# Runs this broker, Apache Kafka 3.9.2 (ZooKeeper mode) and Apache Kafka 4.4.0 (KRaft) one after the other on the same
# work, with Kafka's own ProducerPerformance and ConsumerPerformance (3.9.2), and prints what each took.
set -euo pipefail

usage() {
    cat <<'EOF'
usage: benchmarks/side-by-side.sh [--rounds N] [--records N] [--record-size BYTES] [--brokers LIST] [--acks A]
                                  [--producer-props "k=v ..."] [--partitions N] [--protocol P]

Each round starts every broker on an empty folder, measures the time to its first acknowledged record, has it take in
the records twice (the first time it is cold) and serve them once from the page cache. CPU is the broker process's
own, user and system, from /proc; "w/o JIT" leaves the compiler threads out. The last column is this broker's figure
divided by that of Kafka 3.9.2, where both ran; CPU seconds of a busy machine are dearer, so compare within a run.

  --rounds N            rounds, interleaved over the brokers (default 3); the table shows medians
  --records N           records a pass (default 1048576: 1 GiB)
  --record-size BYTES   bytes a record (default 1024)
  --partitions N        partitions of the topic (default 1)
  --acks A              0, 1 or all (default 1)
  --producer-props P    further producer settings (default "batch.size=65536")
  --protocol P          PLAINTEXT or SSL: what the records go over (default PLAINTEXT); with SSL the brokers share one
                        certificate, and kafka-4.4.0 is left out
  --brokers LIST        of odradek,kafka-3.9.2,kafka-4.4.0 (default: all three)

examples:
  benchmarks/side-by-side.sh
  benchmarks/side-by-side.sh --rounds 1 --brokers odradek,kafka-3.9.2 --acks all
  benchmarks/side-by-side.sh --protocol SSL
EOF
}

rounds=3 records=1048576 size=1024 partitions=1 acks=1 props="batch.size=65536" protocol=PLAINTEXT brokers=
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2; shift 2 ;;
        --records) records=$2; shift 2 ;;
        --record-size) size=$2; shift 2 ;;
        --partitions) partitions=$2; shift 2 ;;
        --acks) acks=$2; shift 2 ;;
        --producer-props) props=$2; shift 2 ;;
        --protocol) protocol=$2; shift 2 ;;
        --brokers) brokers=$2; shift 2 ;;
        -h | --help) usage; exit 0 ;;
        *) echo "$0: unknown option $1" >&2; usage >&2; exit 2 ;;
    esac
done
case $protocol in
    PLAINTEXT) brokers=${brokers:-odradek,kafka-3.9.2,kafka-4.4.0} ;;
    SSL)
        brokers=${brokers:-odradek,kafka-3.9.2}
        case $brokers in *4.4.0*) echo "$0: kafka-4.4.0 is measured over PLAINTEXT only" >&2; exit 2 ;; esac ;;
    *) echo "$0: --protocol is PLAINTEXT or SSL, not $protocol" >&2; exit 2 ;;
esac

root=$(cd "$(dirname "$0")/.." && pwd)
work=$root/benchmarks/target/side-by-side
. "$root/benchmarks/brokers.sh"
rm -rf "$work/data" && mkdir -p "$work/data"
results=$work/results.tsv
: >"$results"

prepare_tools
trap stop_all EXIT

prepare() { # name folder port: what a broker needs before it is started
    local folder=$2 port=$3
    mkdir -p "$folder"
    case $1 in
        kafka-3.9.2)
            start_zookeeper "$folder" ;;
        kafka-4.4.0)
            kafka4=$("$peers/classpath.sh" 4.4.0 "$work")
            local controller
            controller=$(free_port)
            printf '%s\n' process.roles=broker,controller node.id=1 controller.listener.names=CONTROLLER \
                "controller.quorum.voters=1@127.0.0.1:$controller" "log.dirs=$folder/data" \
                "listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller" \
                "advertised.listeners=PLAINTEXT://127.0.0.1:$port" offsets.topic.replication.factor=1 \
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT >"$folder/server.properties"
            "$java" -cp "$kafka4" kafka.tools.StorageTool format -t AAAAAAAAQACAAAAAAAAAAA -c "$folder/server.properties" \
                >"$folder/format.out" 2>&1 ;;
    esac
}

# The load goes over a listener of its own: what measures the start needs no certificate.
settings=()
client=$work/client.properties
: >"$client"
if [ "$protocol" = SSL ]; then
    rm -f "$work/broker.p12"
    "${JAVA_HOME:+$JAVA_HOME/bin/}keytool" -genkeypair -keystore "$work/broker.p12" -storetype PKCS12 -storepass measured \
        -alias broker -keyalg RSA -keysize 2048 -dname CN=broker -ext san=ip:127.0.0.1 -validity 30 2>/dev/null
    store=(location="$work/broker.p12" type=PKCS12 password=measured)
    printf '%s\n' security.protocol=SSL "${store[@]/#/ssl.truststore.}" >"$client"
fi

listen() { # port: sets settings, and load_port, where the load goes
    load_port=$1
    [ "$protocol" = SSL ] || return 0
    load_port=$(free_port)
    local both="PLAINTEXT://127.0.0.1:$1,SSL://127.0.0.1:$load_port"
    settings=("listeners=$both" "advertised.listeners=$both" "${store[@]/#/ssl.keystore.}" ssl.key.password=measured)
}

produce() { # port: prints MB/s, p50, p99, p99.9
    # shellcheck disable=SC2086
    "$java" "${client_jvm[@]}" org.apache.kafka.tools.ProducerPerformance --topic bench --num-records "$records" \
        --record-size "$size" --throughput -1 --producer.config "$client" --producer-props "bootstrap.servers=127.0.0.1:$1" "acks=$acks" $props |
        tail -n 1 | sed -E 's/.*\(([0-9.]+) MB\/sec\).* ([0-9]+) ms 50th, ([0-9]+) ms 95th, ([0-9]+) ms 99th, ([0-9]+) ms 99.9th.*/\1 \2 \4 \5/'
}

consume() { # port: prints MB/s
    "$java" "${client_jvm[@]}" org.apache.kafka.tools.ConsumerPerformance --bootstrap-server "127.0.0.1:$1" \
        --consumer.config "$client" --topic bench --messages "$records" --timeout 60000 2>/dev/null |
        tail -n 1 | awk -F', ' '{print $4}'
}

measured() { # pid command...: sets out, cpu, cpu_nojit (seconds per GiB)
    local before after
    before=$(cpu_ticks "$1")
    out=$("${@:2}")
    after=$(cpu_ticks "$1")
    read -r cpu cpu_nojit <<<"$(echo "$before $after" | awk -v hz="$(getconf CLK_TCK)" -v gib="$gib" \
        '{all = $3 - $1; jit = $4 - $2; printf "%.2f %.2f", all / hz / gib, (all - jit) / hz / gib}')"
}

gib=$(echo "$records $size" | awk '{print $1 * $2 / 1073741824}')
for round in $(seq 1 "$rounds"); do
    for name in ${brokers//,/ }; do
        folder=$work/data/$name-$round
        port=$(free_port)
        echo "round $round of $rounds: $name" >&2
        prepare "$name" "$folder" "$port"
        # The probe is up and warm before the broker is started; it prints the milliseconds from the line it is sent.
        coproc PROBE { "$java" "${client_jvm[@]}" io.odradek.benchmarks.FirstRecordProbe \
            "127.0.0.1:$port" bench "$partitions" 2>"$folder/probe.err"; }
        probe=$PROBE_PID
        read -r _ <&"${PROBE[0]}"
        echo go >&"${PROBE[1]}"
        listen "$port"
        start_broker "$name" "$folder" "$port" "${settings[@]}"
        read -r start_ms <&"${PROBE[0]}" || {
            echo "$0: $name acknowledged nothing; it said:" >&2
            tail -n 20 "$folder/broker.out" >&2
            exit 1
        }
        wait "$probe" 2>/dev/null || true
        measured "$pid" produce "$load_port"; p1="$out $cpu $cpu_nojit"
        measured "$pid" produce "$load_port"; p2="$out $cpu $cpu_nojit"
        measured "$pid" consume "$load_port"; c1="$out $cpu $cpu_nojit"
        measured "$pid" consume "$load_port"; c2="$out $cpu $cpu_nojit"
        peak=$(awk '/VmHWM/ {print int($2 / 1024)}' "/proc/$pid/status")
        echo "$name $start_ms $peak $p1 $p2 $c1 $c2" >>"$results"
        stop_all
        rm -rf "$folder/data"
    done
done

cell() { awk -v n="$1" '$1 == n' "$results" | cut -d' ' -f"$2" | median; }
printf '\n%s rounds, medians; %s records of %s bytes a pass, %s partition(s), acks=%s, %s, %s\n' \
    "$rounds" "$records" "$size" "$partitions" "$acks" "$protocol" "$props"
tell_machine
format='%-34s'
row() { # label column
    printf "$format" "$1"
    for name in ${brokers//,/ }; do printf '%14s' "$(cell "$name" "$2")"; done
    [ "$compared" = false ] || printf '%14s' "$(echo "$(cell odradek "$2") $(cell kafka-3.9.2 "$2")" |
        awk '{if ($2 > 0) printf "%.2f", $1 / $2; else print "-"}')"
    printf '\n'
}
case ,$brokers, in
    *,odradek,*kafka-3.9.2,* | *,kafka-3.9.2,*odradek,*) compared=true ;;
    *) compared=false ;;
esac
printf "$format" ''
for name in ${brokers//,/ }; do printf '%14s' "$name"; done
[ "$compared" = false ] || printf '%14s' 'ratio'
printf '\n'
row 'first acknowledged record, ms' 2
row 'peak resident memory, MiB' 3
row 'produce, cold: MB/s' 4
row '  CPU s/GiB' 8
row '  CPU s/GiB w/o JIT' 9
row 'produce, warm: MB/s' 10
row '  latency p50, ms' 11
row '  latency p99, ms' 12
row '  latency p99.9, ms' 13
row '  CPU s/GiB' 14
row '  CPU s/GiB w/o JIT' 15
row 'consume, cold: MB/s' 16
row '  CPU s/GiB' 17
row '  CPU s/GiB w/o JIT' 18
row 'consume, warm: MB/s' 19
row '  CPU s/GiB' 20
row '  CPU s/GiB w/o JIT' 21
