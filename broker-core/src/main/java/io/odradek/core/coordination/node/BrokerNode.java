package io.odradek.core.coordination.node;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.coordination.json.JsonWriter;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code /brokers/ids/N}, version 5 of its JSON; older versions from 2 on are read too.
 *
 * @param endpoints where the broker listens, by listener name
 * @param securityProtocols the security protocol of each listener, by listener name; its order is that of the listeners in the
 *     node, the first one with PLAINTEXT being the one that very old clients see
 * @param rack the broker's rack, or null
 * @param timestampMs when it registered
 */
public record BrokerNode(
        SortedMap<String, Endpoint> endpoints, Map<String, String> securityProtocols, String rack, long timestampMs) {
    private static final String PLAINTEXT = "PLAINTEXT";

    // Written out: a record's own are linked when first called, which costs a cold JVM tens of milliseconds.
    @Override
    public boolean equals(Object other) {
        return other instanceof BrokerNode that
                && timestampMs == that.timestampMs
                && endpoints.equals(that.endpoints)
                && securityProtocols.equals(that.securityProtocols)
                && Objects.equals(rack, that.rack);
    }

    @Override
    public int hashCode() {
        return Objects.hash(endpoints, securityProtocols, rack, timestampMs);
    }

    /** {@return the node's data} */
    public byte[] encode() {
        List<String> urls = new ArrayList<>();
        JsonWriter protocols = new JsonWriter();
        Endpoint plaintext = new Endpoint(null, -1);
        for (Map.Entry<String, String> entry : securityProtocols.entrySet()) {
            String listener = entry.getKey();
            String protocol = entry.getValue();
            Endpoint endpoint = endpoints.get(listener);
            urls.add(listener + "://" + bracketed(endpoint.host()) + ":" + endpoint.port());
            protocols.field(listener, protocol);
            if (PLAINTEXT.equals(protocol) && plaintext.host() == null) {
                plaintext = endpoint;
            }
        }
        JsonWriter json = new JsonWriter()
                .field("features", new JsonWriter())
                .field("listener_security_protocol_map", protocols)
                .strings("endpoints", urls);
        if (rack != null) {
            json.field("rack", rack);
        }
        return json.field("jmx_port", -1)
                .field("port", plaintext.port())
                .field("host", plaintext.host())
                .field("version", 5)
                .field("timestamp", Long.toString(timestampMs))
                .bytes();
    }

    /** {@return the node that was read} */
    public static BrokerNode decode(byte[] data) {
        JsonObject json = JsonReader.readObject(data);
        SortedMap<String, Endpoint> endpoints = new TreeMap<>();
        Map<String, String> protocols = new LinkedHashMap<>();
        boolean named = json.has("listener_security_protocol_map");
        for (String url : json.stringsAt("endpoints")) {
            int nameEnd = url.indexOf("://");
            int hostEnd = url.lastIndexOf(':');
            if (nameEnd <= 0 || hostEnd < nameEnd + 3) {
                throw new IllegalArgumentException("not an endpoint: " + url);
            }
            String listener = url.substring(0, nameEnd);
            String host = url.substring(nameEnd + 3, hostEnd);
            endpoints.put(listener, new Endpoint(unbracketed(host), Integer.parseInt(url.substring(hostEnd + 1))));
            protocols.put(
                    listener,
                    named ? json.objectAt("listener_security_protocol_map").stringAt(listener) : listener);
        }
        return new BrokerNode(
                endpoints,
                protocols,
                json.stringAt("rack", null),
                json.has("timestamp") ? json.longAt("timestamp") : -1);
    }

    /** {@return the broker as the metadata image shows it} */
    public BrokerInfo info(int brokerId) {
        return new BrokerInfo(brokerId, rack, endpoints);
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
