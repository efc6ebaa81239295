package io.odradek.server.net.link;

import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.api.RequestHeaderCodec;
import io.odradek.protocol.wire.EncodedMessage;
import io.odradek.protocol.wire.WireWriter;

/** Encodes requests to other brokers, as {@code RequestDecoder} decodes those of clients. */
public final class RequestEncoder {
    private static final int FIRST_REQUEST_BYTES = 256;

    private RequestEncoder() {}

    /**
     * A request for the wire.
     *
     * @param api its API
     * @param version that it is encoded in
     * @param correlationId that comes back with the answer
     * @param message its bytes; record data are those of the request
     */
    record Encoded(ApiKey api, short version, int correlationId, EncodedMessage message) {}

    /** {@return the request, encoded} @throws IllegalStateException if the version has no place for what is in it */
    static Encoded encode(ApiKey api, short version, int correlationId, String clientId, ApiRequest request) {
        WireWriter out = WireWriter.heap(FIRST_REQUEST_BYTES);
        RequestHeaderCodec.write(
                out,
                new RequestHeader(api.key(), version, correlationId, clientId),
                ApiCodecs.requestHeaderVersion(api, version));
        ApiCodecs.writeRequest(request, version, out);
        return new Encoded(api, version, correlationId, out.finish());
    }
}
