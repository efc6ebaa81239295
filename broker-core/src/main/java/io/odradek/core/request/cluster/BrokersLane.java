package io.odradek.core.request.cluster;

import io.odradek.core.request.LargeRequests;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.AddPartitionsToTxnRequest;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.OffsetForLeaderEpochRequest;
import io.odradek.protocol.api.WriteTxnMarkersRequest;

/**
 * Parts the large requests of brokers from those of clients, of the APIs that both use: the ends of transactions, questions to
 * their coordinators, and what followers ask wait for none of what clients send, however large. Where clients come by the brokers'
 * listener, a request that only brokers have reason to send is taken for one of theirs.
 */
public final class BrokersLane {
    private static final int SEVERAL_TRANSACTIONS_SINCE = 4;

    private final ClusterPeers peers;
    private final LargeRequests ofClients;
    private final LargeRequests ofBrokers;

    /**
     * @param peers tells who may be a broker
     * @param ofClients the lane of clients' large requests
     * @param ofBrokers the lane of brokers'
     */
    public BrokersLane(ClusterPeers peers, LargeRequests ofClients, LargeRequests ofBrokers) {
        this.peers = peers;
        this.ofClients = ofClients;
        this.ofBrokers = ofBrokers;
    }

    /** {@return a handler that does the same, in the background for large requests} */
    public <R extends ApiRequest> RequestHandler<R> aside(RequestHandler<R> handler) {
        RequestHandler<R> forClients = ofClients.aside(handler);
        RequestHandler<R> forBrokers = ofBrokers.aside(handler);
        return (request, context) -> {
            boolean ofBroker = peers.isBroker(context.connection().peer()) && brokersSend(request, context);
            (ofBroker ? forBrokers : forClients).handle(request, context);
        };
    }

    private static boolean brokersSend(ApiRequest request, RequestContext context) {
        if (request instanceof ListOffsetsRequest asked) {
            return asked.replicaId() >= 0;
        }
        if (request instanceof OffsetForLeaderEpochRequest asked) {
            return asked.replicaId() >= 0;
        }
        if (request instanceof AddPartitionsToTxnRequest) {
            return context.header().apiVersion() >= SEVERAL_TRANSACTIONS_SINCE;
        }
        return request instanceof WriteTxnMarkersRequest;
    }
}
