package io.odradek.server.tools.dump;

import io.odradek.protocol.wire.MalformedMessageException;
import java.nio.ByteBuffer;

/** Understands the records of an internal topic. */
interface RecordDecoder {
    /** {@return the topic's name} */
    String topic();

    /**
     * {@return what a record says}
     *
     * @param key between position and limit, or null
     * @param value between position and limit, or null
     * @throws MalformedMessageException if it is not a record of this topic
     */
    DecodedRecord decode(ByteBuffer key, ByteBuffer value);

    /** {@return the decoder that was asked for, null for none} */
    static RecordDecoder of(DumpOptions.Decoder decoder) {
        return switch (decoder) {
            case NONE -> null;
            case OFFSETS -> new OffsetsDecoder();
            case TRANSACTIONS -> new TransactionsDecoder();
        };
    }
}
