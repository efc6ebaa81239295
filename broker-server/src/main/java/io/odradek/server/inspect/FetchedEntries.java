package io.odradek.server.inspect;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.MemoryRecords;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.legacy.LegacyMessage;
import java.nio.ByteBuffer;

/** Walks what a leader has given: batches, and messages of magic 0 and 1 as older brokers have left them. */
final class FetchedEntries {
    private final ByteBuffer buffer;
    private final MemoryRecords batches;
    private int position;
    private int sizeBytes;
    private boolean message;

    /** @param buffer what was given; its end may be cut */
    FetchedEntries(ByteBuffer buffer) {
        this.buffer = buffer;
        batches = MemoryRecords.tolerant(buffer);
        position = buffer.position();
    }

    /** {@return whether there is a next whole entry} @throws ApiException CORRUPT_MESSAGE where there can be none */
    boolean next() {
        position += sizeBytes;
        sizeBytes = 0;
        int remaining = buffer.limit() - position;
        message = remaining >= RecordBatch.PREFIX_SIZE && LegacyMessage.isLegacy(buffer, position);
        if (!message) {
            batches.reset(buffer.duplicate().position(position));
            sizeBytes = batches.next() ? batches.sizeBytes() : 0;
            return sizeBytes > 0;
        }
        if (LegacyMessage.isWhole(buffer, position, buffer.limit())) {
            sizeBytes = LegacyMessage.sizeBytes(buffer, position);
            return true;
        }
        if (LegacyMessage.sizeBytes(buffer, position) > remaining) {
            return false;
        }
        throw new ApiException(ErrorCode.CORRUPT_MESSAGE, "The message at byte " + position + " is none");
    }

    /** {@return where the entry lies} */
    int position() {
        return position;
    }

    /** {@return whether it is a message of magic 0 or 1} */
    boolean isMessage() {
        return message;
    }

    /** {@return the offset after its last record} */
    long nextOffset() {
        return message ? LegacyMessage.offset(buffer, position) + 1 : RecordBatch.nextOffset(buffer, position);
    }
}
