package io.odradek.core.request;

import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.ApiVersionsResponse;

/**
 * ApiVersions 0 to 5 (KIP-35, KIP-511, KIP-1242): which APIs are served in which versions. From version 3 on the client names its
 * software; a name or version that is not made of ASCII letters, digits, dots and dashes, beginning and ending with a
 * letter or digit, is INVALID_REQUEST. From version 5 on it may name the cluster and the broker that it means, both or neither
 * (else INVALID_REQUEST): where another has been reached, by an address that has changed hands, the answer is
 * REBOOTSTRAP_REQUIRED. A request of a version above 5 is not decoded: it is answered with
 * {@link SupportedApis#unsupportedVersion}. The one feature is {@code transaction.version}, by which clients know whether to use
 * transactions v2 (KIP-890).
 *
 * <p>Versions: from 1 on the throttle time is told; from 2 on a throttled client is answered first (KIP-219); 3 is flexible in
 * its body, not in the header of the response, names the client (KIP-511) and has features (KIP-584); 4 may tell features
 * that begin at level 0 (KIP-1022); 5 names whom the client means.
 */
public final class ApiVersionsHandler implements RequestHandler<ApiVersionsRequest> {
    private static final int FEATURES_SINCE = 3;
    private static final int NEWEST = 5;

    private static final int ANY_BROKER = -1;

    private final SupportedApis apis;
    private final MetadataSource metadata;
    private final int brokerId;
    private final ApiVersionsResponse[] withFeatures = new ApiVersionsResponse[NEWEST + 1];

    /**
     * @param apis what is served
     * @param transactionVersion {@code odradek.transaction.version}
     * @param metadata the metadata image, which tells clients the cluster's name
     * @param brokerId the broker's id
     */
    public ApiVersionsHandler(SupportedApis apis, short transactionVersion, MetadataSource metadata, int brokerId) {
        this.apis = apis;
        this.metadata = metadata;
        this.brokerId = brokerId;
        for (int version = FEATURES_SINCE; version <= NEWEST; version++) {
            withFeatures[version] = apis.supported(version, transactionVersion);
        }
    }

    @Override
    public void handle(ApiVersionsRequest request, RequestContext context) {
        if (!apis.serves(context.header().apiKey(), context.header().apiVersion())) {
            context.respond(apis.unsupportedVersion());
            return;
        }
        int version = context.header().apiVersion();
        if (version < FEATURES_SINCE) {
            context.respond(apis.supported());
        } else {
            context.respond(answer(request, version));
        }
    }

    private ApiVersionsResponse answer(ApiVersionsRequest request, int version) {
        boolean cluster = request.clusterId() != null;
        boolean broker = request.nodeId() != ANY_BROKER;
        if (cluster != broker || !legal(request.clientSoftwareName()) || !legal(request.clientSoftwareVersion())) {
            return apis.invalidRequest();
        }
        return cluster && !isThisBroker(request) ? apis.rebootstrapRequired() : withFeatures[version];
    }

    private boolean isThisBroker(ApiVersionsRequest request) {
        return request.nodeId() == brokerId
                && request.clusterId().equals(metadata.image().clusterId());
    }

    private static boolean legal(String text) {
        if (text.isEmpty() || !letterOrDigit(text.charAt(0)) || !letterOrDigit(text.charAt(text.length() - 1))) {
            return false;
        }
        for (int i = 1; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            if (!letterOrDigit(c) && c != '.' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean letterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
