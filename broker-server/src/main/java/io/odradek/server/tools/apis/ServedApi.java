package io.odradek.server.tools.apis;

import io.odradek.server.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * An API, in which versions a broker serves it, and in which this client would ask for it.
 *
 * @param key its number
 * @param client what the client knows of it; null if it is newer than the client
 * @param broker what the broker says of it; null if it does not serve it
 */
record ServedApi(int key, ApiKeys client, ApiVersion broker) {
    /** {@return what a broker serves, and what it does not though clients may ask for it, by number} */
    static List<ServedApi> of(Iterable<ApiVersion> answer) {
        TreeMap<Integer, ServedApi> apis = new TreeMap<>();
        for (ApiKeys known : ApiKeys.clientApis()) {
            apis.put((int) known.id, new ServedApi(known.id, known, null));
        }
        for (ApiVersion served : answer) {
            int key = served.apiKey();
            apis.put(key, new ServedApi(key, ApiKeys.hasId(key) ? ApiKeys.forId(key) : null, served));
        }
        return new ArrayList<>(apis.values());
    }

    private String name() {
        return client == null ? "UNKNOWN" : client.name;
    }

    /** {@return the newest version that both know; null if there is none} */
    private Integer usable() {
        if (client == null
                || broker == null
                || client.latestVersion() < broker.minVersion()
                || broker.maxVersion() < client.oldestVersion()) {
            return null;
        }
        return Math.min(client.latestVersion(), broker.maxVersion());
    }

    /** {@return it in a line, as Kafka's tool has it} */
    String text() {
        String begin = name() + "(" + key + "): ";
        if (broker == null) {
            return begin + "UNSUPPORTED";
        }
        String versions = broker.minVersion() == broker.maxVersion()
                ? begin + broker.minVersion()
                : begin + broker.minVersion() + " to " + broker.maxVersion();
        if (client == null) {
            return versions;
        }
        if (usable() != null) {
            return versions + " [usable: " + usable() + "]";
        }
        return versions + " [unusable: node too " + (client.latestVersion() < broker.minVersion() ? "new]" : "old]");
    }

    Map<String, Object> object() {
        return Json.object(
                "key",
                key,
                "name",
                client == null ? null : client.name,
                "minVersion",
                broker == null ? null : broker.minVersion(),
                "maxVersion",
                broker == null ? null : broker.maxVersion(),
                "usableVersion",
                usable());
    }
}
