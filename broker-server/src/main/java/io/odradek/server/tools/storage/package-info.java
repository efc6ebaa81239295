/** {@code bin/broker-storage.sh}: the storage of a broker that has yet to be started. */
package io.odradek.server.tools.storage;
