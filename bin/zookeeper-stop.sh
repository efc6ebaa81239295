#!/bin/sh
# Stops the ZooKeeper server that was started with the same ZOOKEEPER_LOG_DIR (or LOG_DIR, or ZOOKEEPER_STATE_DIR), and waits
# for it to end, ZOOKEEPER_STOP_WAIT_SECONDS (default: 120) at most.
set -eu

case ${1:-} in
    '') ;;
    -h | --help)
        cat <<'USAGE'
Usage: zookeeper-stop.sh

Stops the ZooKeeper server that was started with the same ZOOKEEPER_LOG_DIR, and waits for it to end.

Examples:
  zookeeper-stop.sh
  ZOOKEEPER_LOG_DIR=/var/log/zookeeper-2 zookeeper-stop.sh

Environment: ZOOKEEPER_LOG_DIR (or LOG_DIR; default: logs in ZOOKEEPER_STATE_DIR),
ZOOKEEPER_STOP_WAIT_SECONDS (default: 120; what has not ended then
is left to end by itself, with exit status 1)
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

stop_and_wait zookeeper "ZooKeeper server" ZOOKEEPER_LOG_DIR "${ZOOKEEPER_LOG_DIR:-${LOG_DIR:-${ZOOKEEPER_STATE_DIR:-$home}/logs}}" \
    io.odradek.server.ZooKeeperMain "${ZOOKEEPER_STOP_WAIT_SECONDS:-120}"
