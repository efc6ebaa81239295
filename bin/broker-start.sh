#!/bin/sh
# Starts a broker: broker-start.sh [-daemon] [CONFIG] [--override KEY=VALUE]...
# Builds it first if it has not been built. See --help; environment:
#   JAVA_HOME          the Java to run on (default: java on the path)
#   BROKER_HEAP_OPTS   heap options (or KAFKA_HEAP_OPTS; default: -Xms256m -Xmx1g)
#   BROKER_OPTS        further JVM options (or KAFKA_OPTS), after those of KAFKA_JVM_PERFORMANCE_OPTS. Whoever names a heap,
#                      a collector, a compiler's threshold or an archive of classes here, or in JAVA_TOOL_OPTIONS, gets it
#   BROKER_OPTS_FILE   a file of further JVM options, for those with blanks: as java takes it after @, with quotes
#   BROKER_STATE_DIR   where logs go, and the data that the configurations beside bin name (default: the folder above bin)
#   JMX_PORT           shows metrics over JMX on this port, of this machine only; KAFKA_JMX_OPTS takes the place of the options
#                      that say so
#   BROKER_LOG_DIR     where log files and broker.pid go (or LOG_DIR; default: logs in BROKER_STATE_DIR)
#   BROKER_START_WAIT_SECONDS   how long -daemon waits until the broker serves (default: 120)
set -eu

script=$(readlink -f "$0")
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${script%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=process.sh
. "${script%/*}/process.sh"

state=${BROKER_STATE_DIR:-$home}
logs=${BROKER_LOG_DIR:-${LOG_DIR:-$state/logs}}
main=io.odradek.server.BrokerMain

choose_archive classes
# The optimizing compiler is asked for help four times later than by default: most of a request is spent in the kernel, and
# compiling took more of the first gigabytes than the better code gave back.
compiler="-XX:Tier4InvocationThreshold=20000 -XX:Tier4MinInvocationThreshold=2400 -XX:Tier4CompileThreshold=60000
    -XX:Tier4BackEdgeThreshold=160000"
collector=-XX:+UseSerialGC
default_heap="-Xms256m -Xmx1g"
# A Java that has no memory left is worth no more: it ends, with a report of which last-words.sh tells the broker's log.
# jstat is shown numbers that are a second old, instead of a twentieth of one: an idle JVM does little else than count.
jvm_options="-XX:PerfDataSamplingInterval=1000 -XX:+CrashOnOutOfMemoryError -XX:-CreateCoredumpOnCrash -Xlog:cds=off -Xlog:cds+dynamic=off $version_options
    -Djava.util.logging.manager=io.odradek.server.logging.LastingLogManager
    -Dio.netty.machineId=00:00:00:00:00:00:00:01 -Dio.netty.leakDetection.level=disabled"

# Starts a broker in a temporary folder, has it answer a few requests, and keeps the archive of what it has loaded.
rehearse() {
    [ -w "$archives" ] || return 0
    folder=$(mktemp -d) || return 0
    # shellcheck disable=SC2086 # options are meant to be split
    (
        unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
        exec "$java" $default_heap $collector $compiler $jvm_options "$make" \
            -Djava.util.logging.config.file="$home/config/logging.properties" \
            -Dodradek.log.dir="$folder" -cp "$lib/*" io.odradek.server.StartRehearsal "$home/config/broker.properties" \
            --override "log.dirs=$folder/data" --override listeners=PLAINTEXT://127.0.0.1:0 \
            --override advertised.listeners=PLAINTEXT://127.0.0.1:0
    ) >"$folder/out" 2>&1 || sed 's/^/  /' "$folder/out" >&2
    keep_archive "Starts will be slower: the rehearsal of one has failed"
    rm -rf "$folder"
}

if [ "${1:-}" = --rehearse ]; then
    rm -f "$archives"/classes-*
    rehearse
    [ "$unpacked" = true ] || : >"$dist/built"
    exit 0
fi

# The first argument that is neither an option nor an option's value is the configuration file.
daemon=false configured=false serves=true value=false
for argument in "$@"; do
    shift
    if [ "$value" = true ]; then
        value=false
    else
        case $argument in
            -daemon)
                daemon=true
                continue
                ;;
            --override) value=true ;;
            -h | --help | --version) serves=false ;;
            -*) ;;
            *) configured=true ;;
        esac
    fi
    set -- "$@" "$argument"
done
[ "$configured" = true ] || set -- "$home/config/broker.properties" "$@"
[ "$serves" = false ] || check_state BROKER_STATE_DIR "$state" "$logs"

# Hundredths of a second since the machine was started, where the system tells.
hundredths() {
    read -r uptime _ 2>/dev/null </proc/uptime || uptime=0
    echo "${uptime%.*}${uptime#*.}"
}

# What is made once, before the first start, does not count as the start's time.
before=$(hundredths)
build_or_warn
# A jar that is newer has been built, or copied here, without a rehearsal.
if [ -w "$archives" ] && { [ ! -f "$archive" ] || [ "$jar" -nt "$archive" ]; }; then
    echo "Preparing fast starts on this Java (once, some seconds)..." >&2
    rehearse
fi
prepared_ms=$((($(hundredths) - before) * 10))
# A process in the background is begun now.
[ "$daemon" = false ] || prepared_ms=0

[ "$serves" = false ] || take_logs broker broker BROKER_LOG_DIR "$logs" "$main"
[ -z "${KAFKA_LOG4J_OPTS:-}" ] || echo "KAFKA_LOG4J_OPTS is not heeded: $home/config/logging.properties says what is logged" >&2

# Nothing in options stands for the names of files.
set -f
heap_options=${BROKER_HEAP_OPTS:-${KAFKA_HEAP_OPTS:-}}
# Whoever reaches this port can do with the process what it may do itself, so others are let in only where that is said.
jmx_options=
if [ -n "${JMX_PORT:-}" ]; then
    jmx_options="${KAFKA_JMX_OPTS:--Dcom.sun.management.jmxremote=true -Dcom.sun.management.jmxremote.authenticate=false
        -Dcom.sun.management.jmxremote.ssl=false -Dcom.sun.management.jmxremote.host=127.0.0.1
        -Djava.rmi.server.hostname=127.0.0.1}
        -Dcom.sun.management.jmxremote.port=$JMX_PORT -Dcom.sun.management.jmxremote.rmi.port=$JMX_PORT"
fi
further_options="${KAFKA_JVM_PERFORMANCE_OPTS:-} ${BROKER_OPTS:-${KAFKA_OPTS:-}}"
# shellcheck disable=SC2086 # options are meant to be split
look_at_options ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} ${_JAVA_OPTIONS:-} $heap_options $further_options \
    ${BROKER_OPTS_FILE:+"@$BROKER_OPTS_FILE"}
[ "$heap_is_named" = true ] || heap_options="$default_heap $heap_options"
[ "$collector_is_named" = false ] || collector=
[ "$compiler_is_named" = false ] || compiler=
[ "$archive_is_named" = false ] || use=

# shellcheck disable=SC2086 # options are meant to be split
set -- $heap_options $collector $compiler $jvm_options ${use:+"$use"} \
    "-XX:ErrorFile=$logs/java-error-%p.log" "-XX:OnError=BROKER_LOG_DIR='$logs' '$home/bin/last-words.sh' %p" \
    -Djava.util.logging.config.file="$home/config/logging.properties" -Dodradek.home="$home" -Dodradek.state.dir="$state" \
    -Dodradek.log.dir="$logs" -Dodradek.pid.file="$logs/broker.pid" -Dodradek.prepared.ms=$prepared_ms $jmx_options $further_options \
    ${BROKER_OPTS_FILE:+"@$BROKER_OPTS_FILE"} -cp "$lib/*" "$main" "$@"

[ "$daemon" = true ] || exec "$java" "$@"
start_in_background broker broker "$logs" "${BROKER_START_WAIT_SECONDS:-120}" "$java" "$@"
