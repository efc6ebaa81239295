package io.odradek.core.transport;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import java.util.concurrent.CompletionStage;

/** A broker's way to whichever broker is controller now, itself perhaps. Thread-safe. */
public interface ControllerClient {
    /**
     * Sends a request, and again after a while where the controller is not known, cannot be reached or is another one by now
     * (NOT_CONTROLLER), until the time is over.
     *
     * @param version the version to encode it in
     * @param timeoutMs how long to try
     * @return the controller's answer, on the cluster loop; fails with {@link BrokerUnreachableException} when the time is over
     */
    CompletionStage<ApiResponse> send(ApiKey api, int version, ApiRequest request, int timeoutMs);
}
