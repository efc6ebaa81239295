package io.odradek.protocol.persisted;

import io.odradek.protocol.schema.Message;

/**
 * The key of a committed position in {@code __consumer_offsets}, two bytes of version before it. Version 1 is written.
 *
 * @param group the group's id
 * @param topic the topic read
 * @param partition the partition's index
 */
@Message(versions = "0-1", flexible = "none")
public record OffsetCommitKey(String group, String topic, int partition) {}
