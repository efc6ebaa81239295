package io.odradek.server.inspect;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.server.Broker;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The brokers of this process that can be asked: one, or all of a cluster. Thread-safe. */
public interface BrokerAccess {
    /** {@return what is known of the cluster} */
    MetadataImage image();

    /** {@return the ids of those that can be asked now} */
    SortedSet<Integer> ids();

    /** Asks a broker. {@return its answer, on any thread; a failure if it cannot be asked} */
    CompletionStage<ApiResponse> ask(int brokerId, ApiKey api, int version, ApiRequest request);

    /** {@return one broker alone: of what others lead it knows who does} */
    static BrokerAccess of(Broker broker) {
        return new BrokerAccess() {
            @Override
            public MetadataImage image() {
                return broker.metadata();
            }

            @Override
            public SortedSet<Integer> ids() {
                return new TreeSet<>(List.of(broker.brokerId()));
            }

            @Override
            public CompletionStage<ApiResponse> ask(int brokerId, ApiKey api, int version, ApiRequest request) {
                return brokerId == broker.brokerId()
                        ? broker.ask(api, version, request)
                        : CompletableFuture.failedStage(
                                new InspectionException("Broker " + brokerId + " is not in this process"));
            }
        };
    }
}
