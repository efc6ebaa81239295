package io.odradek.core.coordination.node;

import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;

/**
 * {@code /latest_producer_id_block}, version 1 of its JSON; the bounds are strings, as Kafka writes them.
 *
 * @param brokerId who claimed the block
 * @param firstId the first producer id of the block
 * @param lastId the last producer id of the block
 */
public record ProducerIdBlockNode(int brokerId, long firstId, long lastId) {
    /** How many ids a broker claims at a time. */
    public static final int SIZE = 1000;

    /** {@return the node's data} */
    public byte[] encode() {
        return new JsonWriter()
                .field("version", 1)
                .field("broker", brokerId)
                .field("block_start", Long.toString(firstId))
                .field("block_end", Long.toString(lastId))
                .bytes();
    }

    /** {@return the node that was read} */
    public static ProducerIdBlockNode decode(byte[] data) {
        var json = JsonReader.readObject(data);
        return new ProducerIdBlockNode(json.intAt("broker"), json.longAt("block_start"), json.longAt("block_end"));
    }

    /**
     * The block after the newest one.
     *
     * @param newest the node's data; empty before the first claim
     * @param brokerId who claims
     * @throws IllegalStateException if all 2^63 producer ids have been given out
     */
    public static ProducerIdBlockNode next(byte[] newest, int brokerId) {
        long first = newest.length == 0 ? 0 : decode(newest).lastId() + 1;
        if (first < 0 || first > Long.MAX_VALUE - SIZE) {
            throw new IllegalStateException("all producer ids have been given out");
        }
        return new ProducerIdBlockNode(brokerId, first, first + SIZE - 1);
    }
}
