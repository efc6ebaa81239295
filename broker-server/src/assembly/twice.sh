#!/bin/sh
# Builds what is committed twice, in folders, time zones and languages that differ, and compares every jar and the tar.gz byte by
# byte: twice.sh. Takes as long as two builds without tests. Environment: MVN (default: mvn)
set -eu

checkout=$(readlink -f "${0%/*}/../../..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() { # FOLDER
    mkdir -p "$1"
    git -C "$checkout" archive HEAD | tar -x -C "$1"
    (cd "$1" && ${MVN:-mvn} -q -B -DskipTests -P '!archive-classes' package)
}

# Jars keep the modes of the files that they are made of: another umask makes others.
umask 022
(TZ=UTC LC_ALL=C build "$work/one")
(TZ=Asia/Tokyo LC_ALL=C.UTF-8 MAVEN_OPTS="${MAVEN_OPTS:-} -Duser.language=de" build "$work/the other one")

built() {
    (cd "$1" && find . -path '*/target/*' \( -name '*.jar' -o -name '*.tar.gz' -o -name '*.cdx.json' \) | sort)
}

built "$work/one" >"$work/files"
built "$work/the other one" | cmp - "$work/files"
different=0
while read -r file; do
    if cmp "$work/one/$file" "$work/the other one/$file"; then
        sha256sum "$work/one/$file" | sed "s#$work/one/##"
    else
        different=$((different + 1))
    fi
done <"$work/files"
echo "$(wc -l <"$work/files") files, of which $different differ"
[ "$different" -eq 0 ]
