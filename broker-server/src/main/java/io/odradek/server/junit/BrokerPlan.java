package io.odradek.server.junit;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedBrokers;
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
        List<Object> sameAs =
                List.of(annotation.brokers(), List.of(annotation.topics()), List.of(annotation.settings()));
        if (annotation.brokers() == 1) {
            EmbeddedBroker.Builder one = EmbeddedBroker.builder();
            describe(annotation, one::topic, one::topic, one::setting);
            return new BrokerPlan(one::start, sameAs, annotation.life(), annotation.reset());
        }
        EmbeddedCluster.Builder several = EmbeddedCluster.builder(annotation.brokers());
        describe(annotation, several::topic, several::topic, several::setting);
        return new BrokerPlan(several::start, sameAs, annotation.life(), annotation.reset());
    }

    BrokerPlan withLife(BrokerLife other) {
        return new BrokerPlan(start, sameAs, other, reset);
    }

    BrokerPlan withReset() {
        return new BrokerPlan(start, sameAs, life, true);
    }

    private interface Topic {
        void add(String name);
    }

    private interface TopicOfPartitions {
        void add(String name, int partitions);
    }

    private interface Setting {
        void add(String name, String value);
    }

    private static void describe(OdradekTest annotation, Topic topics, TopicOfPartitions larger, Setting settings) {
        for (String topic : annotation.topics()) {
            int colon = topic.lastIndexOf(':');
            if (colon < 0) {
                topics.add(topic);
            } else {
                larger.add(topic.substring(0, colon), partitions(topic, topic.substring(colon + 1)));
            }
        }
        for (String setting : annotation.settings()) {
            String[] pair = pair(setting);
            settings.add(pair[0], pair[1]);
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
