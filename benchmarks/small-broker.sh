#!/usr/bin/env bash
# Shows how little a broker does with: memory after its start, a small heap under load, and what it takes when nothing happens.
set -euo pipefail

usage() {
    cat <<'EOT'
usage: benchmarks/small-broker.sh [--seconds N] [--script SCRIPT]

Starts SCRIPT (default: bin/broker-start.sh) on empty folders and prints
  resident memory   after a start with default settings, at once and 10 seconds later
  idle              CPU time, in % of a core, with 100 connected producers that write nothing, and with 100 consumers that
                    wait for records
  small heap        with -Xmx64m, 1,000 connections of consumers that wait, while 50 MB/s are written and read
each load for N seconds (default 20). The clients are the Java client. Linux only: it reads /proc.
EOT
}

seconds=20
root=$(cd "$(dirname "$0")/.." && pwd)
script=$root/bin/broker-start.sh
while [ $# -gt 0 ]; do
    case $1 in
        --seconds) seconds=$2; shift 2 ;;
        --script) script=$2; shift 2 ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
class_path=$root/benchmarks/target/classes:$(cat "$root/benchmarks/target/jmh.classpath")
work=$(mktemp -d)
broker=
trap 'stop || true; rm -rf "$work"' EXIT

start() { # settings...: sets broker (its process) and servers
    mkdir -p "$work/logs"
    BROKER_LOG_DIR=$work/logs "$script" "$root/config/broker.properties" --override "log.dirs=$work/data" \
        --override listeners=PLAINTEXT://127.0.0.1:0 --override advertised.listeners=PLAINTEXT://127.0.0.1:0 "$@" \
        >"$work/out" 2>&1 &
    broker=$!
    until servers=$(sed -n 's#.*PLAINTEXT://\([^ ,]*\).*#\1#p' "$work/out") && [ -n "$servers" ]; do
        kill -0 "$broker" 2>/dev/null || { cat "$work/out" >&2; exit 1; }
        sleep 0.1
    done
}

stop() {
    [ -n "$broker" ] || return 0
    kill "$broker"
    wait "$broker" || true
    broker=
    rm -rf "$work/data"
}

resident() { awk '/^VmRSS/ { printf "%.1f MiB", $2 / 1024 }' "/proc/$broker/status"; }
cpu_ns() { cat /proc/"$broker"/task/*/schedstat | awk '{ sum += $1 } END { printf "%.0f", sum }'; }
connections() { find "/proc/$broker/fd" -lname 'socket:*' | wc -l; }

clients() { # mode and its arguments: sets client (its process); returns when they are connected
    mkfifo "$work/in"
    "$java" -Xmx2g -cp "$class_path" io.odradek.benchmarks.SmallBrokerLoad "$@" <"$work/in" >"$work/clients" 2>"$work/errors" &
    client=$!
    exec 9>"$work/in"
    rm "$work/in"
    until grep -q connected "$work/clients"; do
        kill -0 "$client" 2>/dev/null || { cat "$work/errors" >&2; exit 1; }
        sleep 0.1
    done
}

end_clients() {
    exec 9>&-
    wait "$client" || true
}

"$script" --version >/dev/null # so that its archive of classes is there
start
echo "resident memory: $(resident) after the start, $(sleep 10; resident) ten seconds later"
for kind in producers consumers; do
    clients idle "$servers" 100 "$kind"
    sleep 10 # what follows the connections: the compilers
    before=$(cpu_ns)
    sleep "$seconds"
    after=$(cpu_ns)
    awk -v ns="$((after - before))" -v seconds="$seconds" -v kind="$kind" -v sockets="$(connections)" \
        'BEGIN { printf "idle with 100 %s (%d sockets): %.2f %% of a core\n", kind, sockets, ns / seconds / 1e7 }'
    end_clients
done
stop

export BROKER_HEAP_OPTS=-Xmx64m
start --override log.segment.bytes=67108864 --override log.retention.bytes=268435456 \
    --override log.retention.check.interval.ms=5000
clients load "$servers" 1000 50 "$seconds"
sleep "$((seconds / 2))"
sockets=$(connections)
memory=$(resident)
end_clients
echo "-Xmx64m with $sockets sockets: $(tail -1 "$work/clients"); resident $memory;" \
    "$(grep -c -i -E 'OutOfMemory|SEVERE' "$work/out" "$work"/logs/broker.log* | awk -F: '{ n += $2 } END { print n }') errors in its log"
stop
