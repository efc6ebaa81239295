package io.odradek.core.orders;

import io.odradek.core.controller.LiveBroker;
import io.odradek.core.coordination.node.BrokerNode;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.protocol.api.UpdateMetadataRequest.UpdateMetadataBroker;
import io.odradek.protocol.api.UpdateMetadataRequest.UpdateMetadataEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The live brokers in an UpdateMetadata. Their epochs and the times of their registration stay with the controller. */
final class LiveBrokersWire {
    /** By the number that stands for each on the wire. */
    private static final List<String> PROTOCOLS = List.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");

    private static final int FIRST_WITH_ENDPOINTS = 1;
    private static final int FIRST_WITH_LISTENERS = 3;
    private static final long UNKNOWN = -1;

    private LiveBrokersWire() {}

    static List<UpdateMetadataBroker> encode(SortedMap<Integer, LiveBroker> live) {
        List<UpdateMetadataBroker> brokers = new ArrayList<>(live.size());
        for (Map.Entry<Integer, LiveBroker> entry : live.entrySet()) {
            BrokerNode node = entry.getValue().node();
            List<UpdateMetadataEndpoint> endpoints =
                    new ArrayList<>(node.endpoints().size());
            for (Map.Entry<String, Endpoint> listener : node.endpoints().entrySet()) {
                int protocol = PROTOCOLS.indexOf(node.securityProtocols().get(listener.getKey()));
                endpoints.add(new UpdateMetadataEndpoint(
                        listener.getValue().port(), listener.getValue().host(), listener.getKey(), (short)
                                Math.max(0, protocol)));
            }
            brokers.add(new UpdateMetadataBroker(entry.getKey(), "", -1, endpoints, node.rack()));
        }
        return brokers;
    }

    static SortedMap<Integer, LiveBroker> decode(List<UpdateMetadataBroker> brokers, int version) {
        SortedMap<Integer, LiveBroker> live = new TreeMap<>();
        for (UpdateMetadataBroker broker : brokers) {
            SortedMap<String, Endpoint> endpoints = new TreeMap<>();
            SortedMap<String, String> protocols = new TreeMap<>();
            if (version < FIRST_WITH_ENDPOINTS) {
                endpoints.put(PROTOCOLS.get(0), new Endpoint(broker.v0Host(), broker.v0Port()));
                protocols.put(PROTOCOLS.get(0), PROTOCOLS.get(0));
            } else {
                for (UpdateMetadataEndpoint endpoint : broker.endpoints()) {
                    String protocol = protocol(endpoint.securityProtocol());
                    String listener = version < FIRST_WITH_LISTENERS ? protocol : endpoint.listener();
                    endpoints.put(listener, new Endpoint(endpoint.host(), endpoint.port()));
                    protocols.put(listener, protocol);
                }
            }
            live.put(
                    broker.id(), new LiveBroker(new BrokerNode(endpoints, protocols, broker.rack(), UNKNOWN), UNKNOWN));
        }
        return live;
    }

    private static String protocol(short number) {
        return number >= 0 && number < PROTOCOLS.size() ? PROTOCOLS.get(number) : PROTOCOLS.get(0);
    }
}
