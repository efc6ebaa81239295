#!/bin/sh
# Starts a broker: broker-start.sh [-daemon] [CONFIG] [--override KEY=VALUE]...
# Builds it first if it has not been built. See --help; environment:
#   JAVA_HOME          the Java to run on (default: java on the path)
#   BROKER_HEAP_OPTS   heap options (or KAFKA_HEAP_OPTS; default: -Xms256m -Xmx1g)
#   BROKER_OPTS        further JVM options (or KAFKA_OPTS)
#   BROKER_LOG_DIR     where log files and broker.pid go (default: logs beside bin)
#   BROKER_START_WAIT_SECONDS   how long -daemon waits until the broker serves (default: 120)
set -eu

script=$(readlink -f "$0")
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${script%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=process.sh
. "${script%/*}/process.sh"

logs=${BROKER_LOG_DIR:-$home/logs}
pid_file=$logs/broker.pid
main=io.odradek.server.BrokerMain

# An archive of the classes that a start and its first requests load makes starts short. It is made by a rehearsal, at the end
# of the build and when another Java is used; it belongs to one build and one Java, and does no harm when it cannot be used.
sum=$(cksum 2>/dev/null <"$release" || true)
archive=$dist/classes-${sum%% *}.archive
if [ "${version:-17}" -ge 25 ]; then
    use=-XX:AOTCache=$archive
    make=-XX:AOTCacheOutput=$archive.$$
    version_options="-Xlog:aot=off $native_options"
else
    use=-XX:SharedArchiveFile=$archive
    make=-XX:ArchiveClassesAtExit=$archive.$$
    version_options=$native_options
fi
# The optimizing compiler is asked for help four times later than by default: most of a request is spent in the kernel, and
# compiling took more of the first gigabytes than the better code gave back.
compiler="-XX:Tier4InvocationThreshold=20000 -XX:Tier4MinInvocationThreshold=2400 -XX:Tier4CompileThreshold=60000
    -XX:Tier4BackEdgeThreshold=160000"
jvm_options="-XX:+UseSerialGC $compiler -XX:+CrashOnOutOfMemoryError
    -XX:-CreateCoredumpOnCrash -Xlog:cds=off -Xlog:cds+dynamic=off $version_options
    -Djava.util.logging.manager=io.odradek.server.logging.LastingLogManager
    -Dio.netty.machineId=00:00:00:00:00:00:00:01 -Dio.netty.leakDetection.level=disabled"
heap_options=${BROKER_HEAP_OPTS:-${KAFKA_HEAP_OPTS:--Xms256m -Xmx1g}}
further_options=${BROKER_OPTS:-${KAFKA_OPTS:-}}

# Who brings an archive of their own does without this one.
case $further_options in
    *-Xshare* | *SharedArchive* | *-XX:AOT*) use= ;;
esac

# Starts a broker in a temporary folder, has it answer a few requests, and keeps the archive of what it has loaded.
rehearse() {
    [ -w "$dist" ] || return 0
    folder=$(mktemp -d)
    # shellcheck disable=SC2086 # options are meant to be split
    "$java" -Xms256m -Xmx1g $jvm_options "$make" -Djava.util.logging.config.file="$home/config/logging.properties" \
        -Dodradek.log.dir="$folder" -cp "$lib/*" io.odradek.server.StartRehearsal "$home/config/broker.properties" \
        --override "log.dirs=$folder/data" --override listeners=PLAINTEXT://127.0.0.1:0 \
        --override advertised.listeners=PLAINTEXT://127.0.0.1:0 >"$folder/out" 2>&1 || sed 's/^/  /' "$folder/out" >&2
    if [ -f "$archive.$$" ]; then
        mv -f "$archive.$$" "$archive"
    else
        echo "Starts will be slower: the rehearsal of one has failed" >&2
    fi
    rm -rf "$folder" "$archive.$$"*
}

case ${1:-} in
    --rehearse)
        rm -f "$dist"/classes-*
        rehearse
        exit 0
        ;;
    -daemon) daemon=true && shift ;;
    *) daemon=false ;;
esac

# Hundredths of a second since the machine was started, where the system tells.
hundredths() {
    read -r uptime _ 2>/dev/null </proc/uptime || uptime=0
    echo "${uptime%.*}${uptime#*.}"
}

# What is made once, before the first start, does not count as the start's time.
before=$(hundredths)
built || build
if [ ! -f "$archive" ] && [ -w "$dist" ]; then
    echo "Preparing fast starts on this Java (once, some seconds)..." >&2
    rehearse
fi
prepared_ms=$((($(hundredths) - before) * 10))

# The first argument that is neither an option nor an option's value is the configuration file.
config=
skip=false
for argument in "$@"; do
    if [ "$skip" = true ]; then
        skip=false
    elif [ "$argument" = "--override" ]; then
        skip=true
    elif [ "${argument#-}" = "$argument" ]; then
        config=$argument
    fi
done
[ -n "$config" ] || set -- "$home/config/broker.properties" "$@"

mkdir -p "$logs" || exit 1

# shellcheck disable=SC2086 # options are meant to be split
set -- $heap_options $jvm_options ${use:+"$use"} "-XX:ErrorFile=$logs/java-error-%p.log" \
    "-XX:OnError=BROKER_LOG_DIR='$logs' '$home/bin/last-words.sh' %p" -Djava.util.logging.config.file="$home/config/logging.properties" \
    -Dodradek.log.dir="$logs" -Dodradek.pid.file="$pid_file" -Dodradek.prepared.ms=$prepared_ms $further_options -cp "$lib/*" "$main" "$@"

[ "$daemon" = true ] || exec "$java" "$@"

start_in_background broker broker BROKER_LOG_DIR "$logs" "$main" "${BROKER_START_WAIT_SECONDS:-120}" "$java" "$@"
