#!/bin/sh
# Stops the broker that was started with the same BROKER_LOG_DIR, and waits for it to end.
set -eu

home=$(cd "$(dirname "$0")/.." && pwd)
pid_file=${BROKER_LOG_DIR:-$home/logs}/broker.pid

# A process that has ended may stay in the table until its parent asks for it.
runs() {
    case $(ps -o stat= -p "$1" 2>/dev/null) in
        '' | Z*) return 1 ;;
    esac
}

if [ ! -f "$pid_file" ] || ! runs "$(cat "$pid_file")"; then
    echo "No broker runs (by $pid_file)" >&2
    exit 1
fi
pid=$(cat "$pid_file")
kill -TERM "$pid"
while runs "$pid"; do
    sleep 0.1
done
