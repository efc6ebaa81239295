package io.odradek.server.admin;

import io.netty.handler.codec.http.HttpHeaders;

/** What every answer tells a browser: nothing but this page's own files, nobody else's page, nothing kept. */
final class AdminHeaders {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private AdminHeaders() {}

    static void addTo(HttpHeaders headers) {
        headers.set("Cache-Control", "no-store")
                .set("Content-Security-Policy", POLICY)
                .set("Cross-Origin-Resource-Policy", "same-origin")
                .set("Referrer-Policy", "no-referrer")
                .set("X-Content-Type-Options", "nosniff")
                .set("X-Frame-Options", "DENY");
    }
}
