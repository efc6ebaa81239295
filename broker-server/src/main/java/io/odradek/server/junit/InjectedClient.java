package io.odradek.server.junit;

import io.odradek.server.embedded.EmbeddedBrokers;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** A client that a test was given, and its end. Nothing of kafka-clients is needed before there is one. */
@SuppressWarnings("deprecation")
final class InjectedClient implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    private static final String CLIENTS = "org.apache.kafka.clients.";
    private static final Set<String> ADMINS = Set.of(CLIENTS + "admin.Admin", CLIENTS + "admin.AdminClient");
    private static final Set<String> PRODUCERS =
            Set.of(CLIENTS + "producer.KafkaProducer", CLIENTS + "producer.Producer");
    private static final Set<String> CONSUMERS =
            Set.of(CLIENTS + "consumer.KafkaConsumer", CLIENTS + "consumer.Consumer");
    private static final AtomicLong GROUPS = new AtomicLong();

    private interface End {
        void come();
    }

    private final Object client;
    private final End end;

    private InjectedClient(Object client, End end) {
        this.client = client;
        this.end = end;
    }

    /** {@return whether a parameter of this type is a client} */
    static boolean isOne(Class<?> type) {
        String name = type.getName();
        return ADMINS.contains(name) || PRODUCERS.contains(name) || CONSUMERS.contains(name);
    }

    /**
     * Makes a client.
     *
     * @param test whose it is, for the name of its group
     */
    static InjectedClient make(EmbeddedBrokers brokers, Parameter parameter, String test) {
        String type = parameter.getType().getName();
        if (ADMINS.contains(type)) {
            Admin admin = Admin.create(ClientProperties.of(brokers, parameter));
            return new InjectedClient(admin, () -> admin.close(CLOSE_WITHIN));
        }
        Serde<?> keys = serde(parameter, 0);
        Serde<?> values = serde(parameter, 1);
        if (PRODUCERS.contains(type)) {
            KafkaProducer<?, ?> producer = new KafkaProducer<>(
                    ClientProperties.of(brokers, parameter), keys.serializer(), values.serializer());
            return new InjectedClient(producer, () -> producer.close(CLOSE_WITHIN));
        }
        String group = test + "-" + GROUPS.incrementAndGet();
        Map<String, Object> properties = brokers.consumerProperties(group);
        properties.putAll(ClientProperties.of(brokers, parameter));
        KafkaConsumer<?, ?> consumer = new KafkaConsumer<>(properties, keys.deserializer(), values.deserializer());
        return new InjectedClient(consumer, () -> consumer.close(CLOSE_WITHIN));
    }

    private static Serde<?> serde(Parameter parameter, int argument) {
        Type declared = parameter.getParameterizedType();
        if (!(declared instanceof ParameterizedType generic)) {
            throw new ParameterResolutionException("The types of keys and values are to be said of the parameter "
                    + parameter + ", such as " + parameter.getType().getSimpleName() + "<String, byte[]>");
        }
        Type type = generic.getActualTypeArguments()[argument];
        boolean bytes = type instanceof GenericArrayType array && array.getGenericComponentType() == byte.class;
        try {
            Class<?> known = bytes ? byte[].class : (Class<?>) type;
            return Serdes.serdeFrom(known);
        } catch (IllegalArgumentException | ClassCastException unknown) {
            throw new ParameterResolutionException(
                    "kafka-clients has no serializer for " + type.getTypeName() + " in the parameter " + parameter
                            + ": ask for byte[], or make the client of EmbeddedBroker.clientProperties()",
                    unknown);
        }
    }

    Object client() {
        return client;
    }

    @Override
    public void close() {
        end.come();
    }
}
