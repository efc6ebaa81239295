package io.odradek.server.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives the application context of a test a broker in the same JVM, with the attributes that the annotation of this name has in
 * spring-kafka-test: a project that uses that one changes the line of the import, and no other. The broker starts before the
 * context, which knows it by the properties {@code spring.embedded.kafka.brokers} and {@code spring.kafka.bootstrap-servers},
 * and is closed with it. As with all that makes a context, tests with the same attributes share one, with its broker.
 *
 * <p>The context has it as a bean, {@code EmbeddedBroker} (with more than one, {@code EmbeddedCluster}); where spring-kafka-test
 * is on the class path, also as its {@code EmbeddedKafkaBroker}. No system property is set. Spring is no dependency of this jar.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface EmbeddedKafka {
    /** {@return how many brokers; the same as {@link #count}} */
    int value() default 1;

    /** {@return how many brokers} */
    int count() default 1;

    /** {@return the port of a single broker; 0 for a free one} */
    int[] ports() default {0};

    /** {@return how many partitions the topics have} */
    int partitions() default 2;

    /** {@return topics to create; placeholders are resolved} */
    String[] topics() default {};

    /** {@return broker settings under Kafka's names, each as {@code name=value}; placeholders are resolved} */
    String[] brokerProperties() default {};

    /** {@return a properties file with broker settings, as a location of Spring's; placeholders are resolved} */
    String brokerPropertiesLocation() default "";

    /** {@return the property that tells the context of the broker, beside {@code spring.embedded.kafka.brokers}} */
    String bootstrapServersProperty() default "spring.kafka.bootstrap-servers";

    /** {@return not used: an embedded broker always closes in good order} */
    boolean controlledShutdown() default false;

    /** {@return not used: there is no controller but the broker} */
    boolean kraft() default true;

    /** {@return not used: there is no ZooKeeper} */
    int zookeeperPort() default 0;

    /** {@return not used: there is no ZooKeeper} */
    int zkConnectionTimeout() default 6000;

    /** {@return not used: there is no ZooKeeper} */
    int zkSessionTimeout() default 6000;

    /** {@return not used: topics are created within milliseconds} */
    int adminTimeout() default 10;
}
