package io.odradek.server.spring;

import java.util.List;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Tells Spring's test framework, which finds it in {@code META-INF/spring.factories}, which contexts have a broker. */
final class EmbeddedKafkaCustomizerFactory implements ContextCustomizerFactory {
    @Override
    public ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> configAttributes) {
        EmbeddedKafka settings = TestContextAnnotationUtils.findMergedAnnotation(testClass, EmbeddedKafka.class);
        return settings == null ? null : new EmbeddedKafkaCustomizer(settings);
    }
}
