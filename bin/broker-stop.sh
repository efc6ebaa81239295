#!/bin/sh
# Stops the broker that was started with the same BROKER_LOG_DIR (default: logs beside bin), and waits for it to end.
set -eu

case ${1:-} in
    '') ;;
    -h | --help)
        cat <<'USAGE'
Usage: broker-stop.sh

Stops the broker that was started with the same BROKER_LOG_DIR, and waits for it to end.

Examples:
  broker-stop.sh
  BROKER_LOG_DIR=/var/log/odradek broker-stop.sh
USAGE
        exit 0
        ;;
    *)
        echo "Unknown argument $1 (--help shows how it is used)" >&2
        exit 1
        ;;
esac

script=$(readlink -f "$0")
home=${script%/bin/*}
pid_file=${BROKER_LOG_DIR:-$home/logs}/broker.pid

# A process that has ended may stay in the table until its parent asks for it, and its number may be another's by now.
runs() {
    case $(ps -o stat= -o args= -p "$1" 2>/dev/null) in
        Z*) return 1 ;;
        *io.odradek.server.BrokerMain*) return 0 ;;
    esac
    return 1
}

pid=$(cat "$pid_file" 2>/dev/null) || pid=
if [ -z "$pid" ] || ! runs "$pid"; then
    echo "No broker runs (by $pid_file)" >&2
    exit 1
fi
echo "Stopping the broker, process $pid"
kill -TERM "$pid" 2>/dev/null || true
while runs "$pid"; do
    sleep 0.1
done
echo "Stopped"
