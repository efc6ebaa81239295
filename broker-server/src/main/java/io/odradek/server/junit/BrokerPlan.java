package io.odradek.server.junit;

import io.odradek.server.embedded.EmbeddedBroker;
import java.util.List;

/**
 * Which broker tests are to have.
 *
 * @param builder starts it
 * @param sameAs what two plans have in common that may share a broker
 * @param life how long it lives
 * @param reset whether it is made as new before each test
 */
record BrokerPlan(EmbeddedBroker.Builder builder, Object sameAs, BrokerLife life, boolean reset) {
    static BrokerPlan of(OdradekTest annotation) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
        for (String topic : annotation.topics()) {
            int colon = topic.lastIndexOf(':');
            if (colon < 0) {
                builder.topic(topic);
            } else {
                builder.topic(topic.substring(0, colon), partitions(topic, topic.substring(colon + 1)));
            }
        }
        for (String setting : annotation.settings()) {
            String[] pair = pair(setting);
            builder.setting(pair[0], pair[1]);
        }
        List<List<String>> sameAs = List.of(List.of(annotation.topics()), List.of(annotation.settings()));
        return new BrokerPlan(builder, sameAs, annotation.life(), annotation.reset());
    }

    private static int partitions(String topic, String number) {
        try {
            return Integer.parseInt(number);
        } catch (NumberFormatException none) {
            throw new IllegalArgumentException(
                    "A topic is \"name\" or \"name:partitions\", not \"" + topic + "\"", none);
        }
    }

    /** {@return the name and the value of a setting} */
    static String[] pair(String setting) {
        int equals = setting.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("A setting is \"name=value\", not \"" + setting + "\"");
        }
        return new String[] {
            setting.substring(0, equals).strip(), setting.substring(equals + 1).strip()
        };
    }
}
