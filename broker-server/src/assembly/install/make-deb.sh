#!/bin/sh
# Makes a Debian package of an unpacked distribution, in the folder one stands in: install/make-deb.sh
# It installs below /opt/odradek, with a user, a service that is enabled by hand (systemctl enable --now odradek), and the files in
# config as settings that an upgrade leaves as they are. Data stay when it is removed.
set -eu

home=$(readlink -f "${0%/*}/..")
for jar in "$home"/lib/broker-server-*.jar; do
    [ -f "$jar" ] || { echo "$home is not an unpacked distribution" >&2 && exit 1; }
    version=${jar##*/broker-server-}
    version=${version%.jar}
done
# What is before a release sorts before it.
version=$(echo "$version" | sed 's/-SNAPSHOT$/~snapshot/')
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"

mkdir -p "$root/DEBIAN" "$root/opt/odradek" "$root/usr/lib/systemd/system" "$root/usr/share/doc/odradek"
(cd "$home" && cp -R LICENSE NOTICE README.md bin completion config install lib "$root/opt/odradek")
[ ! -f "$home/odradek.cdx.json" ] || cp "$home/odradek.cdx.json" "$root/opt/odradek"
rm -f "$root"/opt/odradek/lib/classes-* "$root"/opt/odradek/lib/tools-* "$root"/opt/odradek/bin/*.bat
cp "$home/install/odradek.service" "$root/usr/lib/systemd/system"
cp "$home/NOTICE" "$root/usr/share/doc/odradek/copyright"
find "$root" -type d -exec chmod 755 {} +
find "$root" -type f -exec chmod 644 {} +
chmod 755 "$root"/opt/odradek/bin/*.sh "$root"/opt/odradek/bin/odradek "$root"/opt/odradek/install/*.sh
# The tools in one command, and what completes it.
mkdir -p "$root/usr/bin" "$root/usr/share/bash-completion/completions"
ln -s /opt/odradek/bin/odradek "$root/usr/bin/odradek"
ln -s /opt/odradek/completion/odradek.bash "$root/usr/share/bash-completion/completions/odradek"

cat >"$root/DEBIAN/control" <<CONTROL
Package: odradek
Version: $version
Architecture: all
Maintainer: nobody <root@localhost>
Section: net
Priority: optional
Depends: java17-runtime-headless | openjdk-17-jre-headless | openjdk-21-jre-headless | openjdk-25-jre-headless, adduser, procps
Installed-Size: $(du -sk "$root" | cut -f 1)
Description: Kafka-wire-compatible, log-structured broker in pure Java
 Released Kafka clients in any language talk to it without knowing that it is not Kafka.
CONTROL
(cd "$root" && find opt/odradek/config -type f | sed 's#^#/#' | LC_ALL=C sort) >"$root/DEBIAN/conffiles"
cat >"$root/DEBIAN/postinst" <<'POSTINST'
#!/bin/sh
set -e
if [ "$1" = configure ]; then
    getent passwd odradek >/dev/null ||
        adduser --system --group --home /var/lib/odradek --no-create-home --quiet odradek
    # Makes starts fast; they are right without, too.
    /opt/odradek/bin/broker-start.sh --rehearse || true
    /opt/odradek/bin/odradek --rehearse || true
fi
if [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    [ -z "$2" ] || systemctl try-restart odradek.service
fi
POSTINST
cat >"$root/DEBIAN/prerm" <<'PRERM'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
    systemctl disable --now odradek.service
fi
rm -f /opt/odradek/lib/classes-* /opt/odradek/lib/tools-*
PRERM
chmod 755 "$root/DEBIAN/postinst" "$root/DEBIAN/prerm"

SOURCE_DATE_EPOCH=$(date -r "$jar" +%s) dpkg-deb --root-owner-group --build "$root" "odradek_${version}_all.deb"
