# What the scripts of the tools share, to be read by them: run_tool NAME ARGUMENT... runs a tool, and never returns. Builds the
# broker first if it has not been built. Environment:
#   JAVA_HOME          the Java to run on (default: java on the path)
#   BROKER_HEAP_OPTS   heap options (or KAFKA_HEAP_OPTS; default: -Xms16m -Xmx256m)
#   BROKER_OPTS        further JVM options (or KAFKA_OPTS). Whoever names a heap, a collector, a compiler or an archive of classes
#                      here, or in JAVA_TOOL_OPTIONS, gets it
# shellcheck shell=sh disable=SC2154 # what is used here is set in common.sh

# shellcheck source-path=SCRIPTDIR source=common.sh
. "${script%/*}/common.sh"

main=io.odradek.server.tools.Odradek
classes="$lib/tools/*:$lib/*"
# A tool lives for a second: what pays off only later is left out, but for those that are asked for much work.
default_heap="-Xms16m -Xmx256m"
collector=-XX:+UseSerialGC
compiler=-XX:TieredStopAtLevel=1

# Has tools speak with a broker that is there for them only, and keeps the archive of what they have loaded. Up to Java 24 that is
# made in two steps, as an archive in one step has no room for classes as old as picocli's.
rehearse_tools() {
    [ -w "$archives" ] || return 0
    said=$(mktemp) || return 0
    [ "${version:-17}" -ge 25 ] || make=-XX:DumpLoadedClassList=$archive.$$.list
    # shellcheck disable=SC2086 # options are meant to be split
    (
        unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
        "$java" -Xmx256m $collector $compiler $native_options -cp "$classes" io.odradek.server.tools.ToolRehearsal \
            "$java" $default_heap $collector $compiler $jvm_options "$make" -cp "$classes"
        [ "${version:-17}" -ge 25 ] || "$java" -Xmx256m -XX:+UseG1GC -Xlog:all=off -Xshare:dump \
            "-XX:SharedClassListFile=$archive.$$.list" "-XX:SharedArchiveFile=$archive.$$" -cp "$classes"
    ) >"$said" 2>&1 || sed 's/^/  /' "$said" >&2
    keep_archive "Tools will start slower: the rehearsal of one has failed"
    rm -f "$said"
}

run_tool() { # NAME ARGUMENT...
    built || build_or_warn
    choose_archive tools
    jvm_options="-XX:-UsePerfData -Xlog:cds=off -Xlog:cds+dynamic=off $version_options"
    if [ "${1:-}" = --rehearse ]; then
        rm -f "$archives"/tools-*
        rehearse_tools
        exit 0
    fi
    if [ ! -f "$archive" ] && [ -w "$archives" ]; then
        echo "Preparing fast tools on this Java (once, some seconds)..." >&2
        rehearse_tools
    fi
    called=
    [ "${script##*/}" = odradek ] || called=-Dodradek.tool.called=${script##*/}
    columns=
    if [ -t 1 ]; then
        columns=$(stty size 2>/dev/null </dev/tty) || columns=
        columns=${columns:+-Dodradek.tool.columns=${columns#* }}
    fi
    typed=
    [ ! -t 0 ] || typed=-Dodradek.tool.typed=true
    followed=
    [ ! -t 2 ] || followed=-Dodradek.tool.followed=true
    case ${1:-} in *-perf-test | dump-log) compiler= ;; esac

    # Nothing in options stands for the names of files.
    set -f
    heap_options=${BROKER_HEAP_OPTS:-${KAFKA_HEAP_OPTS:-}}
    further_options=${BROKER_OPTS:-${KAFKA_OPTS:-}}
    # shellcheck disable=SC2086 # options are meant to be split
    look_at_options ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} ${_JAVA_OPTIONS:-} $heap_options $further_options
    [ "$heap_is_named" = true ] || heap_options="$default_heap $heap_options"
    [ "$collector_is_named" = false ] || collector=
    [ "$compiler_is_named" = false ] || compiler=
    [ "$archive_is_named" = false ] || use=
    # shellcheck disable=SC2086 # options are meant to be split
    exec "$java" $heap_options $collector $compiler $jvm_options ${use:+"$use"} $further_options ${called:+"$called"} \
        -Dodradek.home="$home" -Dodradek.state.dir="${BROKER_STATE_DIR:-$home}" ${columns:+"$columns"} ${typed:+"$typed"} ${followed:+"$followed"} \
        -cp "$classes" "$main" "$@"
}
