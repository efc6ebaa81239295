package io.odradek.server.net.frame;

import io.odradek.core.memory.MemoryShare;
import io.odradek.protocol.api.ApiKey;

/**
 * How long a frame may be, as far as its first bytes tell. What is too long is refused before it is read.
 *
 * @param mostBytes the longest frame
 * @param setting what bounds it so
 * @param mostBytesWithoutRecords {@code odradek.request.max.bytes}, for all requests but Produce; no less than
 *     {@code mostBytes} where frames are no requests
 * @param partial what all frames that have not fully arrived may hold together: a longer one would never arrive
 */
public record FrameBounds(int mostBytes, String setting, int mostBytesWithoutRecords, MemoryShare partial) {
    /** What a record of a handshake begins with, the first thing that a client of TLS sends (RFC 8446). */
    private static final int TLS_HANDSHAKE = 0x1603;

    /** @throws BadFrameException if no frame may be so long */
    void check(int length) {
        if (length < 0 || length > mostBytes) {
            if (length >>> Short.SIZE == TLS_HANDSHAKE) {
                throw new BadFrameException("what came is TLS, and this listener has none");
            }
            throw new BadFrameException(
                    "a frame of " + length + " bytes, when 0 to " + mostBytes + " are allowed (" + setting + ")");
        }
    }

    /** @throws BadFrameException if no request of this API may be so long */
    void check(int length, short apiKey) {
        if (length > mostBytesWithoutRecords && apiKey != ApiKey.PRODUCE.key()) {
            ApiKey api = ApiKey.of(apiKey);
            throw new BadFrameException("a request of " + length + " bytes for API " + (api == null ? apiKey : api)
                    + ", when " + mostBytesWithoutRecords + " are allowed (odradek.request.max.bytes)");
        }
    }

    /** @throws BadFrameException if there can never be enough memory to read a request of this length */
    void checkFits(int length) {
        if (length > partial.limitBytes()) {
            throw new BadFrameException("a request of " + length + " bytes, when there is memory for one of "
                    + partial.limitBytes() + " (" + partial.setting() + ")");
        }
    }
}
