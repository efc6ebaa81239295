package io.odradek.server.spring;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedBrokers;
import io.odradek.server.embedded.EmbeddedCluster;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Starts the broker of a context. Contexts of equal settings are one.
 *
 * @param settings the annotation of the test
 */
record EmbeddedKafkaCustomizer(EmbeddedKafka settings) implements ContextCustomizer {
    private static final String BROKERS_PROPERTY = "spring.embedded.kafka.brokers";

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
        ConfigurableEnvironment environment = context.getEnvironment();
        DefaultListableBeanFactory beans = (DefaultListableBeanFactory) context.getBeanFactory();
        EmbeddedBrokers brokers = start(context);
        beans.registerDisposableBean("odradek", brokers::close);
        beans.registerSingleton("odradek", brokers);

        List<String> topics = new ArrayList<>();
        for (String topic : settings.topics()) {
            String name = environment.resolveRequiredPlaceholders(topic);
            topics.add(name);
            brokers.createTopic(name, settings.partitions());
        }
        SpringKafkaBroker.of(brokers, topics, settings.partitions(), context.getClassLoader())
                .ifPresent(broker -> beans.registerSingleton("embeddedKafka", broker));
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "odradek",
                        Map.of(
                                BROKERS_PROPERTY,
                                brokers.bootstrapServers(),
                                property(environment),
                                brokers.bootstrapServers())));
    }

    private String property(ConfigurableEnvironment environment) {
        String property = environment.resolveRequiredPlaceholders(settings.bootstrapServersProperty());
        return property.isBlank() ? "spring.kafka.bootstrap-servers" : property;
    }

    private EmbeddedBrokers start(ConfigurableApplicationContext context) {
        Map<String, String> brokerSettings = brokerSettings(context);
        int count = Math.max(settings.value(), settings.count());
        if (count == 1) {
            EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
            brokerSettings.forEach(builder::setting);
            return builder.port(settings.ports().length == 0 ? 0 : settings.ports()[0])
                    .start();
        }
        EmbeddedCluster.Builder builder = EmbeddedCluster.builder(count);
        brokerSettings.forEach(builder::setting);
        return builder.start();
    }

    private Map<String, String> brokerSettings(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        Properties properties = new Properties();
        try {
            String location = environment.resolveRequiredPlaceholders(settings.brokerPropertiesLocation());
            if (!location.isBlank()) {
                PropertiesLoaderUtils.fillProperties(properties, context.getResource(location));
            }
            for (String property : settings.brokerProperties()) {
                properties.load(new StringReader(property));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The settings of the embedded broker cannot be read", unreadable);
        }
        Map<String, String> resolved = new LinkedHashMap<>();
        for (String name : properties.stringPropertyNames()) {
            resolved.put(name, environment.resolveRequiredPlaceholders(properties.getProperty(name)));
        }
        return resolved;
    }
}
