package io.odradek.server.junit;

import io.odradek.server.embedded.EmbeddedBrokers;
import java.lang.reflect.Parameter;
import java.util.Map;

/** What the client of a parameter is made with. */
final class ClientProperties {
    private ClientProperties() {}

    /** {@return the properties of a client, as the user that the parameter names, with what it sets} */
    static Map<String, Object> of(EmbeddedBrokers brokers, Parameter parameter) {
        ClientUser user = parameter.getAnnotation(ClientUser.class);
        Map<String, Object> usual = user == null ? brokers.clientProperties() : brokers.clientProperties(user.value());
        ClientSettings own = parameter.getAnnotation(ClientSettings.class);
        if (own != null) {
            for (String setting : own.value()) {
                String[] pair = BrokerPlan.pair(setting);
                usual.put(pair[0], pair[1]);
            }
        }
        return usual;
    }
}
