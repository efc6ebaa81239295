package io.odradek.server.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a broker, and clients of it as parameters:
 *
 * <pre>{@code
 * @OdradekTest(topics = "orders:3")
 * class OrdersTest {
 *     @Test
 *     void ordersArrive(EmbeddedBroker broker, KafkaProducer<String, Long> producer) {
 *         producer.send(new ProducerRecord<>("orders", "key", 1L));
 *         broker.awaitRecords("orders", 1, Duration.ofSeconds(10));
 *     }
 * }
 * }</pre>
 *
 * <p>What may be a parameter is said in {@link OdradekExtension}, which is registered by itself where a broker needs more than
 * can be said here.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(OdradekExtension.class)
public @interface OdradekTest {
    /** {@return how many brokers there are: with more than one they are a cluster, an {@code EmbeddedCluster}} */
    int brokers() default 1;

    /** {@return the topics that it starts with, each as {@code name} or {@code name:partitions}} */
    String[] topics() default {};

    /** {@return settings of the broker, each as {@code name=value}, by Kafka's names} */
    String[] settings() default {};

    /** {@return whether clients come by TLS, as {@code EmbeddedBuilder.tls()} has it} */
    boolean tls() default false;

    /** {@return whether they show certificates of their own besides, as {@code EmbeddedBuilder.mutualTls()} has it} */
    boolean mutualTls() default false;

    /**
     * {@return who may log in, each as {@code mechanism:user:password}, such as {@code PLAIN:alice:secret}, or, where the mechanism
     * has no passwords, {@code OAUTHBEARER:alice}; with none of them, anybody may come}
     */
    String[] sasl() default {};

    /**
     * {@return who may do what, each as {@code Acl.of} reads it, such as {@code alice may READ,WRITE topic orders}; with none of
     * them, anybody may do anything}
     */
    String[] acls() default {};

    /** {@return how long the broker lives} */
    BrokerLife life() default BrokerLife.CLASS;

    /**
     * {@return whether the broker is as new before each test: topics empty, groups and faults gone}
     *
     * <p>Tests that JUnit runs in parallel take turns with it then.
     */
    boolean reset() default false;
}
