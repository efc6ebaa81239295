package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.ApiVersionsResponse;

/**
 * ApiVersions 0 to 4 (KIP-35, KIP-511): which APIs are served in which versions. From version 3 on the client names its
 * software; a name or version that is not made of ASCII letters, digits, dots and dashes, beginning and ending with a
 * letter or digit, is INVALID_REQUEST. A request of a version above 4 is not decoded: it is answered with
 * {@link SupportedApis#unsupportedVersion}. The one feature is {@code transaction.version}, by which clients know whether to use
 * transactions v2 (KIP-890).
 *
 * <p>Versions: from 1 on the throttle time is told; from 2 on a throttled client is answered first (KIP-219); 3 is flexible in
 * its body, not in the header of the response, names the client (KIP-511) and has features (KIP-584); 4 may tell features
 * that begin at level 0 (KIP-1022).
 */
public final class ApiVersionsHandler implements RequestHandler<ApiVersionsRequest> {
    private static final int FEATURES_SINCE = 3;
    private static final int NEWEST = 4;

    private final SupportedApis apis;
    private final ApiVersionsResponse[] withFeatures = new ApiVersionsResponse[NEWEST + 1];

    /**
     * @param apis what is served
     * @param transactionVersion {@code odradek.transaction.version}
     */
    public ApiVersionsHandler(SupportedApis apis, short transactionVersion) {
        this.apis = apis;
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
            boolean named = legal(request.clientSoftwareName()) && legal(request.clientSoftwareVersion());
            context.respond(named ? withFeatures[version] : apis.invalidRequest());
        }
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
