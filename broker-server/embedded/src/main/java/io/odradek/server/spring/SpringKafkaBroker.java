package io.odradek.server.spring;

import io.odradek.server.embedded.EmbeddedBrokers;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.util.ClassUtils;

/**
 * A broker as spring-kafka-test's {@code EmbeddedKafkaBroker}, for tests that ask their context for one. By reflection, since
 * its methods differ between the versions, and most projects that do without have one jar less with all it brings along.
 */
final class SpringKafkaBroker implements InvocationHandler {
    private static final String TYPE = "org.springframework.kafka.test.EmbeddedKafkaBroker";

    private final EmbeddedBrokers brokers;
    private final Set<String> topics;
    private final int partitions;

    private SpringKafkaBroker(EmbeddedBrokers brokers, Collection<String> topics, int partitions) {
        this.brokers = brokers;
        this.topics = new LinkedHashSet<>(topics);
        this.partitions = partitions;
    }

    /** {@return it, where spring-kafka-test is on the class path with the interface, as it is from version 3.1 on} */
    static Optional<Object> of(EmbeddedBrokers brokers, Collection<String> topics, int partitions, ClassLoader loader) {
        if (!ClassUtils.isPresent(TYPE, loader)) {
            return Optional.empty();
        }
        Class<?> type = ClassUtils.resolveClassName(TYPE, loader);
        if (!type.isInterface()) {
            return Optional.empty();
        }
        InvocationHandler handler = new SpringKafkaBroker(brokers, topics, partitions);
        return Optional.of(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "getBrokersAsString", "toString" -> brokers.bootstrapServers();
            case "getTopics" -> Set.copyOf(topics);
            case "getPartitionsPerTopic" -> partitions;
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            case "afterPropertiesSet", "destroy" -> null; // The context has started it, and will close it.
            case "addTopics" -> addTopics(method, arguments);
            case "consumeFromAllEmbeddedTopics" -> consume(arguments, topics);
            case "consumeFromAnEmbeddedTopic", "consumeFromEmbeddedTopics" -> consume(arguments, named(arguments));
            default -> throw refusal(method);
        };
    }

    private Object addTopics(Method method, Object[] arguments) {
        if (!(arguments[0] instanceof String[] names)) {
            throw refusal(method);
        }
        for (String name : names) {
            brokers.createTopic(name, partitions);
            topics.add(name);
        }
        return null;
    }

    private static Object consume(Object[] arguments, Collection<String> topics) {
        boolean toEnd = List.of(arguments).contains(true);
        Subscription.of(arguments[0], topics).awaitAssignment(toEnd);
        return null;
    }

    private static List<String> named(Object[] arguments) {
        List<String> names = new ArrayList<>();
        for (Object argument : arguments) {
            if (argument instanceof String name) {
                names.add(name);
            } else if (argument instanceof String[] several) {
                names.addAll(List.of(several));
            }
        }
        return names;
    }

    private static UnsupportedOperationException refusal(Method method) {
        return new UnsupportedOperationException("The embedded broker has no " + method.getName()
                + " of spring-kafka-test's; ask the context for io.odradek.server.embedded.EmbeddedBroker");
    }
}
