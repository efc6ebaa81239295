#!/bin/sh
# Stops the broker that was started with the same BROKER_LOG_DIR, and waits for it to end.
set -eu

home=$(cd "$(dirname "$0")/.." && pwd)
pid_file=${BROKER_LOG_DIR:-$home/logs}/broker.pid

if [ ! -f "$pid_file" ] || ! kill -0 "$(cat "$pid_file")" 2>/dev/null; then
    echo "No broker runs (by $pid_file)" >&2
    exit 1
fi
pid=$(cat "$pid_file")
kill -TERM "$pid"
while kill -0 "$pid" 2>/dev/null; do
    sleep 0.1
done
