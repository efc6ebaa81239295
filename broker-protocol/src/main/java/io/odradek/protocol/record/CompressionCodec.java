package io.odradek.protocol.record;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;

/** The compression of a batch's records; the low three bits of the batch's attributes. */
public enum CompressionCodec {
    NONE,
    GZIP,
    SNAPPY,
    LZ4,
    ZSTD;

    /** The level that stands for a codec's own default. */
    public static final int DEFAULT_LEVEL = Integer.MIN_VALUE;

    private static final CompressionCodec[] BY_ID = values();

    /** {@return the id in a batch's attributes} */
    public int id() {
        return ordinal();
    }

    /**
     * {@return the codec with this id}
     *
     * @throws ApiException UNSUPPORTED_COMPRESSION_TYPE if there is none
     */
    public static CompressionCodec ofId(int id) {
        if (id < 0 || id >= BY_ID.length) {
            throw new ApiException(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, "There is no compression codec " + id);
        }
        return BY_ID[id];
    }
}
