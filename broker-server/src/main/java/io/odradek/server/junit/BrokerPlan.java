package io.odradek.server.junit;

import io.odradek.server.embedded.Acl;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedBrokers;
import io.odradek.server.embedded.EmbeddedBuilder;
import io.odradek.server.embedded.EmbeddedCluster;
import java.util.List;
import java.util.function.Supplier;

/**
 * Which broker tests are to have, or which cluster.
 *
 * @param start starts it
 * @param sameAs what two plans have in common that may share a broker
 * @param life how long it lives
 * @param reset whether it is made as new before each test
 */
record BrokerPlan(Supplier<EmbeddedBrokers> start, Object sameAs, BrokerLife life, boolean reset) {
    /** {@return a plan for a class, made as new for none of its tests} */
    static BrokerPlan of(Supplier<EmbeddedBrokers> start, Object sameAs) {
        return new BrokerPlan(start, sameAs, BrokerLife.CLASS, false);
    }

    static BrokerPlan of(OdradekTest annotation) {
        List<Object> sameAs = List.of(
                annotation.brokers(),
                List.of(annotation.topics()),
                List.of(annotation.settings()),
                annotation.tls(),
                annotation.mutualTls(),
                List.of(annotation.sasl()),
                List.of(annotation.acls()));
        Supplier<EmbeddedBrokers> start = annotation.brokers() == 1
                ? described(annotation, EmbeddedBroker.builder())::start
                : described(annotation, EmbeddedCluster.builder(annotation.brokers()))::start;
        return new BrokerPlan(start, sameAs, annotation.life(), annotation.reset());
    }

    BrokerPlan withLife(BrokerLife other) {
        return new BrokerPlan(start, sameAs, other, reset);
    }

    BrokerPlan withReset() {
        return new BrokerPlan(start, sameAs, life, true);
    }

    private static <B extends EmbeddedBuilder<B>> B described(OdradekTest annotation, B builder) {
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
        guard(annotation, builder);
        return builder;
    }

    private static void guard(OdradekTest annotation, EmbeddedBuilder<?> builder) {
        if (annotation.tls()) {
            builder.tls();
        }
        if (annotation.mutualTls()) {
            builder.mutualTls();
        }
        for (String login : annotation.sasl()) {
            String[] parts = login.split(":", 3);
            if (parts.length == 3) {
                builder.sasl(parts[0], parts[1], parts[2]);
            } else if (parts.length == 2) {
                builder.sasl(parts[0], parts[1]);
            } else {
                throw new IllegalArgumentException(
                        "A login is \"mechanism:user:password\", such as \"PLAIN:alice:secret\", not \"" + login
                                + "\"");
            }
        }
        for (String entry : annotation.acls()) {
            builder.acls(Acl.of(entry));
        }
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
