package io.odradek.server.net;

import io.odradek.core.request.SupportedApis;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.api.RequestHeaderCodec;
import io.odradek.protocol.errors.Quoted;
import io.odradek.protocol.wire.MalformedMessageException;
import io.odradek.protocol.wire.MessageTooLargeException;
import io.odradek.protocol.wire.WireReader;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes frames. A frame that is not a request this broker speaks ends its connection, but for ApiVersions of another version,
 * which comes through with an empty body, so that it can be answered with those of it that are spoken (KIP-511). Bytes after the
 * end of a request are ignored.
 */
final class RequestDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(RequestDecoder.class);
    private static final int SHORTEST_HEADER_BYTES = 8;
    /** What stands around a request while it is in work or waits. */
    private static final int REQUEST_HEAP_BYTES = 256;

    private static final String TOO_LARGE_FOR = " (odradek.request.max.decoded.bytes)";
    private static final short NOT_FLEXIBLE_HEADER = 1;
    private static final SupportedApis APIS = SupportedApis.CLIENT;

    private RequestDecoder() {}

    /** What a frame turned out to be. */
    sealed interface Decoded {
        /** {@return the request's header} */
        RequestHeader header();

        /** {@return the heap that it takes} */
        long heapBytes();

        /**
         * A request.
         *
         * @param header its header
         * @param body its body; record data are slices of the frame
         * @param heapBytes what both take of the heap
         */
        record Served(RequestHeader header, ApiRequest body, long heapBytes) implements Decoded {}

        /**
         * A request that is not decoded, because it would take more of the heap than it may.
         *
         * @param header its header
         * @param why what it exceeds
         * @param heapBytes what the header takes of the heap
         */
        record TooLarge(RequestHeader header, String why, long heapBytes) implements Decoded {}
    }

    /**
     * Decodes a frame.
     *
     * @param frame the request, without the frame's length
     * @param mostHeapBytes what it may take of the heap
     * @throws MessageTooLargeException if its header would take more
     * @throws MalformedMessageException if it is not a request that is spoken here; the message says why
     */
    static Decoded decode(ByteBuffer frame, long mostHeapBytes) {
        if (frame.remaining() < SHORTEST_HEADER_BYTES) {
            throw new MalformedMessageException("a request of " + frame.remaining() + " bytes has no header");
        }
        short key = frame.getShort(frame.position());
        short version = frame.getShort(frame.position() + 2);
        ApiKey api = ApiKey.of(key);
        if (api == null || !ApiCodecs.declares(api)) {
            throw new MalformedMessageException("API key " + key + " is not served");
        }
        WireReader in = new WireReader(frame).limitHeap(mostHeapBytes);
        if (!APIS.serves(key, version)) {
            return decodeUnknownVersion(api, version, in);
        }
        RequestHeader header = RequestHeaderCodec.read(in, ApiCodecs.requestHeaderVersion(api, version));
        try {
            ApiRequest body = ApiCodecs.readRequest(api, version, in);
            ignoreRest(api, header, in);
            return new Decoded.Served(header, body, REQUEST_HEAP_BYTES + in.chargedBytes());
        } catch (MessageTooLargeException tooLarge) {
            return new Decoded.TooLarge(header, tooLarge.getMessage() + TOO_LARGE_FOR, REQUEST_HEAP_BYTES);
        }
    }

    /** As Kafka does: librdkafka leaves three bytes behind its Metadata requests for all topics. */
    private static void ignoreRest(ApiKey api, RequestHeader header, WireReader in) {
        if (in.remaining() > 0 && LOG.isDebugEnabled()) {
            LOG.debug(
                    "{} bytes follow the end of a request {} {} of client {}; they are ignored",
                    in.remaining(),
                    api,
                    header.apiVersion(),
                    Quoted.text(header.clientId()));
        }
    }

    private static Decoded decodeUnknownVersion(ApiKey api, short version, WireReader in) {
        if (api == ApiKey.API_VERSIONS) {
            RequestHeader header = RequestHeaderCodec.read(in, NOT_FLEXIBLE_HEADER);
            return new Decoded.Served(header, new ApiVersionsRequest("", ""), REQUEST_HEAP_BYTES + in.chargedBytes());
        }
        throw new MalformedMessageException("version " + version + " of API " + api + " is not served");
    }
}
