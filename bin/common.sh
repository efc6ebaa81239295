# What the scripts beside it share, to be read by them: where things are, a Java that is new enough, and a build if need be.
# shellcheck shell=sh disable=SC2034,SC2154 # what is set here is used there, and the other way round

fail() {
    echo "$1" >&2
    exit 1
}

home=${script%/bin/*}
dist=$home/broker-server/target/dist
lib=$dist/lib

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
    (cd "$home" && mvn -B -DskipTests -pl broker-server -am package 2>&1) | awk '
        /^\[INFO\] Building Odradek/ { sub(/^\[INFO\] Building /, ""); print "  " $0; fflush() }
        / Downloaded from / && ++files % 100 == 0 { print "  " files " files fetched"; fflush() }
        / Downloaded from / { next }
        /^Downloaded from / && ++files % 100 == 0 { print "  " files " files fetched"; fflush() }
        /^\[ERROR\]/ && ++errors <= 20 { print; fflush() }
        /BUILD SUCCESS/ { good = 1 }
        END { exit !good }' >&2 || fail "The broker could not be built (mvn -B -DskipTests package says more)"
}

# Java warns from 24 on of what compression and network buffers do.
native_options=
if [ "${version:-17}" -ge 24 ]; then
    native_options="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
fi
