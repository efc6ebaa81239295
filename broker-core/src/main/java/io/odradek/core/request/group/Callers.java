package io.odradek.core.request.group;

import io.odradek.core.coordinator.group.Caller;
import io.odradek.core.transport.RequestContext;

/** Who sent a request, as groups remember it. */
final class Callers {
    private Callers() {}

    static Caller of(RequestContext context) {
        return new Caller(
                context.header().apiVersion(),
                context.header().clientId(),
                context.connection().peer());
    }
}
