package io.odradek.server.tools.dump;

import io.odradek.core.coordination.json.JsonWriter;

/**
 * A record of an internal topic, understood.
 *
 * @param keyText the key for people
 * @param valueText the value for people, {@code <DELETE>} for a tombstone
 * @param key the key for programs
 * @param value the value for programs, null for a tombstone
 */
record DecodedRecord(String keyText, String valueText, JsonWriter key, JsonWriter value) {
    /** What stands for the value of a tombstone. */
    static final String DELETE = "<DELETE>";
}
