package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiVersionsRequest;

/**
 * ApiVersions 0 to 4 (KIP-35, KIP-511): which APIs are served in which versions. From version 3 on the client names its
 * software; a name or version that is not made of ASCII letters, digits, dots and dashes, beginning and ending with a
 * letter or digit, is INVALID_REQUEST. A request of a version above 4 is not decoded: it is answered with
 * {@link SupportedApis#unsupportedVersion}. No features are supported or finalized.
 *
 * <p>Versions: from 1 on the throttle time is told; from 2 on a throttled client is answered first (KIP-219); 3 is flexible in
 * its body, not in the header of the response, names the client (KIP-511) and has features (KIP-584); 4 may tell features
 * that begin at level 0 (KIP-1022).
 */
public final class ApiVersionsHandler implements RequestHandler<ApiVersionsRequest> {
    private final SupportedApis apis;

    /** @param apis what is served */
    public ApiVersionsHandler(SupportedApis apis) {
        this.apis = apis;
    }

    @Override
    public void handle(ApiVersionsRequest request, RequestContext context) {
        if (!apis.serves(context.header().apiKey(), context.header().apiVersion())) {
            context.respond(apis.unsupportedVersion());
            return;
        }
        boolean named = context.header().apiVersion() < 3
                || legal(request.clientSoftwareName()) && legal(request.clientSoftwareVersion());
        context.respond(named ? apis.supported() : apis.invalidRequest());
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
