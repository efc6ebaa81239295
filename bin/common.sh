# What the scripts beside it share, to be read by them: where things are, a Java that is new enough, a build if need be, and
# who decides about the options of the JVM.
# shellcheck shell=sh disable=SC2034,SC2154 # what is set here is used there, and the other way round

fail() {
    echo "$1" >&2
    exit 1
}

# Unpacked from its tar.gz, a distribution has its jars beside bin, and is never built; in a checkout they are where the build
# leaves them.
home=${script%/bin/*}
if [ -d "$home/lib" ]; then
    unpacked=true dist=$home
else
    unpacked=false dist=$home/broker-server/target/dist
fi
# The archive of classes knows its jars by their real names.
real=$(readlink -f "$dist" 2>/dev/null) || real=$dist
dist=$real
lib=$dist/lib
# What a server of ZooKeeper needs beside the jars of the broker, which has its client.
server_lib=$lib/zookeeper

# The Java: where it is, and what its "release" file says of its version.
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
found=$(command -v "$java") || fail "Java 17 or newer is needed, and there is no $java"
found=$(readlink -f "$found")
release=${found%/bin/java}/release
version=
while IFS='="' read -r key _ value _; do
    if [ "$key" = JAVA_VERSION ]; then version=${value%%[!0-9]*}; fi
done 2>/dev/null <"$release" || true
[ "${version:-17}" -ge 17 ] || fail "Java 17 or newer is needed; $found is $version"

built() {
    for jar in "$lib"/broker-server-*.jar; do
        if [ -f "$jar" ]; then return 0; fi
    done
    return 1
}

build() {
    command -v mvn >/dev/null || fail "The broker has not been built, and there is no mvn (Apache Maven) to build it with"
    echo "Building the broker first (once)..." >&2
    (cd "$home" && mvn -B -DskipTests -Dcyclonedx.skip -Dassembly.skipAssembly -pl broker-server -am package 2>&1) | awk '
        /^\[INFO\] Building Odradek/ { sub(/^\[INFO\] Building /, ""); print "  " $0; fflush() }
        / Downloaded from / && ++files % 100 == 0 { print "  " files " files fetched"; fflush() }
        / Downloaded from / { next }
        /^Downloaded from / && ++files % 100 == 0 { print "  " files " files fetched"; fflush() }
        /^\[ERROR\]/ && ++errors <= 20 { print; fflush() }
        /BUILD SUCCESS/ { good = 1 }
        END { exit !good }' >&2 || fail "The broker could not be built (mvn -B -DskipTests package says more)"
}

# Builds if nothing is built. What is built and older than its sources, as after git pull, is run as it is, but not silently.
build_or_warn() {
    if [ "$unpacked" = true ]; then
        built || fail "There is no broker-server-*.jar in $lib: it has not been unpacked as a whole"
        return
    fi
    if ! built; then
        build
        return
    fi
    # The end of the build leaves a mark; a build that is older than this line has its jar only.
    mark=$dist/built
    [ -f "$mark" ] || mark=$jar
    newer=$(find "$home/pom.xml" "$home"/broker-*/pom.xml "$home"/broker-*/src/main "$home"/broker-protocol/processor/src/main \
        -type f -newer "$mark" -print -quit 2>/dev/null) || true
    [ -z "$newer" ] || echo "This build is older than its sources (${newer#"$home"/});" \
        "mvn -B -DskipTests package brings it up to date" >&2
}

# Data and logs go where it is told, or into the distribution if that can be written: never silently elsewhere.
check_state() { # VARIABLE STATE LOGS
    [ "$2" != "$home" ] || [ -w "$home" ] || [ -d "$3" ] ||
        fail "$home cannot be written: $1 says in which folder logs and data go instead"
}

# Finds out what the options of somebody else's decide, wherever they are given: the scripts leave that to them.
look_at_options() { # OPTION...
    heap_is_named=false collector_is_named=false compiler_is_named=false archive_is_named=false
    for option in "$@"; do
        case $option in
            @*) option=$(sed 's/#.*//' "${option#@}" 2>/dev/null | tr -d "\"'") || option= ;;
        esac
        for part in $option; do
            case $part in
                -Xm[sx]* | -XX:MaxHeapSize=* | -XX:InitialHeapSize=* | -XX:*RAMPercentage=* | -XX:*RAMFraction=*)
                    heap_is_named=true ;;
                -XX:[+-]Use*GC) collector_is_named=true ;;
                -Xint | -Xcomp | -XX:[+-]TieredCompilation | -XX:Tier* | -XX:CompileThreshold* | -XX:CompilationMode=* | \
                    -XX:[+-]UseJVMCICompiler)
                    compiler_is_named=true ;;
                -Xshare:* | -XX:SharedArchiveFile=* | -XX:ArchiveClassesAtExit=* | -XX:[+-]AutoCreateSharedArchive | -XX:AOT*)
                    archive_is_named=true ;;
            esac
        done
    done
}

# Java warns from 24 on of what compression and network buffers do.
native_options=
if [ "${version:-17}" -ge 24 ]; then
    native_options="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
fi

# An archive of the classes that a start and its first requests load makes starts short. It is made by a rehearsal, at the end
# of the build, and when another Java is used or the distribution has been moved; it belongs to one build in one place and one
# Java, and does no harm when it cannot be used. It is beside the jars, or in a cache where they cannot be written; where
# neither can, starts do without. Sets archives, archive, use, make and version_options.
choose_archive() { # NAME
    sum=$({ echo "$dist" && cat "$release"; } 2>/dev/null | cksum)
    build=
    { read -r build <"$lib/build"; } 2>/dev/null || true
    archives=$dist
    [ "$unpacked" = false ] || archives=$lib
    archive_name=$1-${sum%% *}
    archive=$archives/$archive_name-$build.archive
    if [ ! -f "$archive" ] && [ ! -w "$archives" ]; then
        archives=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/odradek
        archive=$archives/$archive_name-$build.archive
        mkdir -p "$archives" 2>/dev/null || true
    fi
    if [ "${version:-17}" -ge 25 ]; then
        use=-XX:AOTCache=$archive
        make=-XX:AOTCacheOutput=$archive.$$
        version_options="-Xlog:aot=off $native_options"
    else
        use=-XX:SharedArchiveFile=$archive
        make=-XX:ArchiveClassesAtExit=$archive.$$
        version_options=$native_options
    fi
}

# Puts what a rehearsal has made in the place of older ones.
keep_archive() { # LINE_IF_THERE_IS_NONE
    if [ -f "$archive.$$" ]; then
        rm -f "$archives/$archive_name"-*.archive
        mv -f "$archive.$$" "$archive"
    else
        echo "$1" >&2
    fi
    rm -f "$archive.$$"*
}
