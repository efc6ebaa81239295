import io.odradek.benchmarks.FirstRecord;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** What EmbeddedStartProbe measures, of the embedded broker of spring-kafka-test: Apache Kafka in this JVM. */
public final class SpringStartProbe {
    private static final String TOPIC = "first";

    private SpringStartProbe() {}

    public static void main(String[] arguments) throws Exception {
        boolean group = arguments.length > 0 && arguments[0].equals("group");
        long startNs = System.nanoTime();
        EmbeddedKafkaKraftBroker broker = started();
        long startedMs = millisSince(startNs);
        FirstRecord.write(broker.getBrokersAsString(), TOPIC);
        long producedMs = millisSince(startNs);
        FirstRecord.read(broker.getBrokersAsString(), TOPIC, group);
        long consumedMs = millisSince(startNs);
        long closeNs = System.nanoTime();
        broker.destroy();
        long closeMs = millisSince(closeNs);
        long secondNs = System.nanoTime();
        EmbeddedKafkaKraftBroker second = started();
        long secondMs = millisSince(secondNs);
        long secondCloseNs = System.nanoTime();
        second.destroy();
        System.out.println(startedMs + " " + producedMs + " " + consumedMs + " " + closeMs + " " + secondMs + " "
                + millisSince(secondCloseNs));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static EmbeddedKafkaKraftBroker started() {
        EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, 1);
        broker.brokerProperty("offsets.topic.num.partitions", "3");
        broker.brokerProperty("group.initial.rebalance.delay.ms", "0");
        broker.afterPropertiesSet();
        return broker;
    }

    private static long millisSince(long startNs) {
        return (System.nanoTime() - startNs) / 1_000_000;
    }
}
