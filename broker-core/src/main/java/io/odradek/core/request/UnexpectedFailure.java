package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.RequestHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens when the code that serves a request fails in a way nobody foresaw: the one place that decides it. */
public final class UnexpectedFailure {
    private static final Logger LOG = LoggerFactory.getLogger(UnexpectedFailure.class);

    private UnexpectedFailure() {}

    /** Logs one line, with the trace, and closes the connection. The request must not have been answered. */
    public static void close(RequestContext context, RuntimeException failure) {
        RequestHeader header = context.header();
        LOG.error(
                "{} version {} from {} failed",
                ApiKey.of(header.apiKey()),
                header.apiVersion(),
                context.connection().id(),
                failure);
        context.closeConnection("the broker failed to serve a request");
    }
}
