package io.odradek.protocol.record;

import io.odradek.protocol.errors.ApiException;
import java.nio.ByteBuffer;

/**
 * The marker that ends a transaction in a partition (KIP-98): a control batch of one record, whose key is a version and the
 * type, and whose value is a version and the coordinator's epoch, all int16 but the epoch, which is an int32.
 *
 * @param type what the marker says
 * @param coordinatorEpoch the epoch of the transaction coordinator that sent it
 */
public record ControlRecord(Type type, int coordinatorEpoch) {
    /** What a marker says. */
    public enum Type {
        ABORT,
        COMMIT
    }

    private static final short VERSION = 0;
    private static final int KEY_BYTES = 4;
    private static final int VALUE_BYTES = 6;
    private static final int MAX_BATCH_BYTES = 256;

    /**
     * {@return the control batch, as a leader appends it}
     *
     * @param producerId whose transaction ends
     * @param producerEpoch its epoch
     * @param timestampMs the wall clock
     */
    public ByteBuffer toBatch(long producerId, short producerEpoch, long timestampMs) {
        ByteBuffer key = ByteBuffer.allocate(KEY_BYTES)
                .putShort(VERSION)
                .putShort((short) type.ordinal())
                .flip();
        ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES)
                .putShort(VERSION)
                .putInt(coordinatorEpoch)
                .flip();
        return new BatchBuilder(MAX_BATCH_BYTES)
                .producer(producerId, producerEpoch, RecordBatch.NO_SEQUENCE)
                .transactional()
                .control()
                .append(timestampMs, key, value)
                .build();
    }

    /**
     * Reads the marker at which a cursor over a control batch stands.
     *
     * @return the marker, or null for a control record of another type
     * @throws ApiException INVALID_RECORD if it is none
     */
    public static ControlRecord read(RecordCursor cursor) {
        if (cursor.keySize() < KEY_BYTES) {
            throw RecordBytes.invalid("A control record's key is too short");
        }
        ByteBuffer bytes = cursor.buffer();
        short version = bytes.getShort(cursor.keyPosition());
        short type = bytes.getShort(cursor.keyPosition() + Short.BYTES);
        if (version < 0) {
            throw RecordBytes.invalid("A control record's key has version " + version);
        }
        if (type != Type.ABORT.ordinal() && type != Type.COMMIT.ordinal()) {
            return null;
        }
        if (cursor.valueSize() < VALUE_BYTES || bytes.getShort(cursor.valuePosition()) < 0) {
            throw RecordBytes.invalid("A transaction marker's value is too short or has no version");
        }
        int coordinatorEpoch = bytes.getInt(cursor.valuePosition() + Short.BYTES);
        return new ControlRecord(type == 0 ? Type.ABORT : Type.COMMIT, coordinatorEpoch);
    }
}
