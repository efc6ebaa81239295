package io.odradek.protocol.persisted;

import io.odradek.protocol.schema.Message;

/**
 * The key of a group's generation in {@code __consumer_offsets}, two bytes of version before it.
 *
 * @param group the group's id
 */
@Message(versions = "2", flexible = "none")
public record GroupMetadataKey(String group) {}
