#!/bin/sh
# Starts a ZooKeeper server, alone or as one of an ensemble: zookeeper-start.sh [-daemon] [CONFIG]
# Builds it first if it has not been built. See --help; environment:
#   JAVA_HOME             the Java to run on (default: java on the path)
#   ZOOKEEPER_HEAP_OPTS   heap options (or KAFKA_HEAP_OPTS; default: -Xms64m -Xmx512m)
#   ZOOKEEPER_OPTS        further JVM options (or KAFKA_OPTS). Whoever names a heap or a collector here, or in
#                         JAVA_TOOL_OPTIONS, gets it
#   ZOOKEEPER_STATE_DIR   where logs go, and the data that the configurations beside bin name (default: the folder above bin)
#   ZOOKEEPER_LOG_DIR     where log files and zookeeper.pid go (or LOG_DIR; default: logs in ZOOKEEPER_STATE_DIR)
#   ZOOKEEPER_START_WAIT_SECONDS   how long -daemon waits until the server runs (default: 120)
set -eu

script=$(readlink -f "$0")
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${script%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=process.sh
. "${script%/*}/process.sh"

state=${ZOOKEEPER_STATE_DIR:-$home}
logs=${ZOOKEEPER_LOG_DIR:-${LOG_DIR:-$state/logs}}
main=io.odradek.server.ZooKeeperMain

# The first argument that is no option is the configuration file.
daemon=false configured=false serves=true
for argument in "$@"; do
    shift
    case $argument in
        -daemon)
            daemon=true
            continue
            ;;
        -h | --help) serves=false ;;
        -*) ;;
        *) configured=true ;;
    esac
    set -- "$@" "$argument"
done
[ "$configured" = true ] || set -- "$home/config/zookeeper.properties" "$@"

[ "$unpacked" = true ] || [ -d "$server_lib" ] || build
build_or_warn
[ "$serves" = false ] || check_state ZOOKEEPER_STATE_DIR "$state" "$logs"
[ "$serves" = false ] || take_logs zookeeper "ZooKeeper server" ZOOKEEPER_LOG_DIR "$logs" "$main"

# Nothing in options stands for the names of files.
set -f
heap_options=${ZOOKEEPER_HEAP_OPTS:-${KAFKA_HEAP_OPTS:-}}
further_options=${ZOOKEEPER_OPTS:-${KAFKA_OPTS:-}}
collector=-XX:+UseSerialGC
# shellcheck disable=SC2086 # options are meant to be split
look_at_options ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} ${_JAVA_OPTIONS:-} $heap_options $further_options
[ "$heap_is_named" = true ] || heap_options="-Xms64m -Xmx512m $heap_options"
[ "$collector_is_named" = false ] || collector=

# shellcheck disable=SC2086 # options are meant to be split
set -- $heap_options $collector -XX:+ExitOnOutOfMemoryError $native_options \
    -Djava.util.logging.manager=io.odradek.server.logging.LastingLogManager \
    -Djava.util.logging.config.file="$home/config/zookeeper-logging.properties" -Dodradek.home="$home" -Dodradek.state.dir="$state" \
    -Dodradek.log.dir="$logs" -Dodradek.log.name=zookeeper -Dodradek.pid.file="$logs/zookeeper.pid" $further_options \
    -cp "$server_lib/*:$lib/*" "$main" "$@"

[ "$daemon" = true ] || exec "$java" "$@"
start_in_background zookeeper "ZooKeeper server" "$logs" "${ZOOKEEPER_START_WAIT_SECONDS:-120}" "$java" "$@"
