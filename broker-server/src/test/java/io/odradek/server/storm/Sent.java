package io.odradek.server.storm;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;

/**
 * A frame of the storm.
 *
 * @param api its API
 * @param version of its API
 * @param correlationId comes back in the answer
 * @param request what it was made from
 * @param bytes what is sent
 * @param certain whether it is a sound request, which is answered
 */
record Sent(ApiKey api, short version, int correlationId, ApiRequest request, byte[] bytes, boolean certain) {
    Sent broken(byte[] otherBytes) {
        return new Sent(api, version, correlationId, request, otherBytes, false);
    }

    String what() {
        return api + " " + version;
    }
}
