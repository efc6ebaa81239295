#!/bin/sh
# Stops the broker that was started with the same BROKER_LOG_DIR (or LOG_DIR, or BROKER_STATE_DIR), and waits for it to
# end, BROKER_STOP_WAIT_SECONDS (default: 120) at most.
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

Environment: BROKER_LOG_DIR (or LOG_DIR; default: logs in BROKER_STATE_DIR),
BROKER_STOP_WAIT_SECONDS (default: 120; what has not ended then is
left to end by itself, with exit status 1)
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
# shellcheck source-path=SCRIPTDIR source=process.sh
. "$home/bin/process.sh"

stop_and_wait broker broker BROKER_LOG_DIR "${BROKER_LOG_DIR:-${LOG_DIR:-${BROKER_STATE_DIR:-$home}/logs}}" io.odradek.server.BrokerMain \
    "${BROKER_STOP_WAIT_SECONDS:-120}"
