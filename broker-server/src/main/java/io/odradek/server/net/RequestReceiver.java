package io.odradek.server.net;

import io.odradek.core.quota.AddressRates;
import io.odradek.core.quota.ClientQuotas;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiRequest;

/** Takes decoded requests, on the processor's thread that decoded them. It never blocks. */
@FunctionalInterface
public interface RequestReceiver {
    /** Serves a request; answers through the context, now or later. */
    void receive(ApiRequest request, RequestContext context);

    /** {@return what clients may have, as it is now; null while nothing is set for any} */
    default ClientQuotas quotas() {
        return null;
    }

    /** {@return how many connections addresses may open, as it is now; null while nothing is set for any} */
    default AddressRates addressRates() {
        return null;
    }
}
