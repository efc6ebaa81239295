#!/usr/bin/env bash
# Runs our tools and Apache Kafka's own in turn, against one broker, and prints what a call takes.
set -euo pipefail

usage() {
    cat <<'EOT'
usage: benchmarks/tools.sh [ROUNDS]

What one call takes from its start to its end, as a user types it: listing topics, describing a group, and sending one record.
Ours are the scripts in bin; Kafka's are the classes of 3.9.2 and 4.3.1, from Maven Central, with the options that the scripts
of its distribution give to Java (kafka-topics.sh and so on, without what those scripts take themselves). One after the other
in each round; medians of ROUNDS (default 15), of the time on the clock and of that of all processors, which says more where
others use the machine too, and the part of Kafka's 3.9.2 that ours takes. JAVA_HOME decides which Java runs all of it.
EOT
}

case ${1:-} in -h | --help) usage; exit 0 ;; esac
rounds=${1:-15}
case $rounds in '' | *[!0-9]*) usage >&2; exit 2 ;; esac
root=$(cd "$(dirname "$0")/.." && pwd)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
folder=$(mktemp -d)
peers() { "$root/broker-server/src/test/peers/classpath.sh" "$1" "$root/broker-server/target/peers"; }

# Once before: what is to be built is, the archive of classes among it.
"$root/bin/odradek" --version >/dev/null
stop() { BROKER_LOG_DIR=$folder/logs "$root/bin/broker-stop.sh" >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap stop EXIT
port=$((20000 + RANDOM % 10000))
servers=127.0.0.1:$port
BROKER_LOG_DIR=$folder/logs "$root/bin/broker-start.sh" -daemon "$root/config/broker.properties" \
    --override "listeners=PLAINTEXT://$servers" --override "log.dirs=$folder/data" >/dev/null
for topic in orders returns payments; do
    "$root/bin/broker-topics.sh" --bootstrap-server "$servers" --create --topic $topic --partitions 3 >/dev/null
done
"$root/bin/broker-consumer-groups.sh" --bootstrap-server "$servers" --reset-offsets --group billing --topic orders \
    --to-earliest --execute >/dev/null 2>&1

old=$(peers 3.9.2)
new=$(peers 4.3.1)
options="-Xmx256M -server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35
    -XX:+ExplicitGCInvokesConcurrent -Djava.awt.headless=true"

call() { # WHOSE WHAT
    local script class arguments path
    case $2 in
        topics) script=broker-topics.sh class=org.apache.kafka.tools.TopicCommand arguments="--list" ;;
        groups) script=broker-consumer-groups.sh class=org.apache.kafka.tools.consumer.group.ConsumerGroupCommand
            arguments="--describe --group billing" ;;
        produce) script=broker-console-producer.sh arguments="--topic orders"
            class=org.apache.kafka.tools.ConsoleProducer
            [ "$1" != 3.9.2 ] || class=kafka.tools.ConsoleProducer ;;
    esac
    case $1 in 3.9.2) path=$old ;; *) path=$new ;; esac
    # shellcheck disable=SC2086 # options are meant to be split
    case $1 in
        ours) echo record | "$root/bin/$script" --bootstrap-server "$servers" $arguments ;;
        *) echo record | "$java" $options -cp "$path" $class --bootstrap-server "$servers" $arguments ;;
    esac >/dev/null 2>&1
}

whats="topics groups"
[ ! -x "$root/bin/broker-console-producer.sh" ] || whats="$whats produce"
for round in $(seq 0 "$rounds"); do
    for what in $whats; do
        for whose in ours 3.9.2 4.3.1; do
            TIMEFORMAT="%R %U %S"
            taken=$({ time call $whose "$what"; } 2>&1) || { echo "$what of $whose has failed" >&2; exit 1; }
            # The first round fills the caches of files.
            [ "$round" = 0 ] || echo "$what $whose $taken" >>"$folder/taken"
        done
    done
done

median() { # WHAT WHOSE clock|processor
    awk -v what="$1" -v whose="$2" -v of="$3" '$1 == what && $2 == whose { print of == "clock" ? $3 : $4 + $5 }' \
        "$folder/taken" | sort -n | awk '{ v[NR] = $1 } END { printf "%.3f", v[int((NR + 1) / 2)] }'
}
printf '%-9s %-10s %9s %9s %9s %12s %12s\n' call of ours 3.9.2 4.3.1 'to 3.9.2' 'to 4.3.1'
for what in $whats; do
    for of in clock processor; do
        ours=$(median "$what" ours $of) former=$(median "$what" 3.9.2 $of) newer=$(median "$what" 4.3.1 $of)
        printf '%-9s %-10s %7s s %7s s %7s s %12s %12s\n' "$what" $of "$ours" "$former" "$newer" \
            "$(awk -v a="$ours" -v b="$former" 'BEGIN { printf "%.2f", a / b }')" \
            "$(awk -v a="$ours" -v b="$newer" 'BEGIN { printf "%.2f", a / b }')"
    done
done
